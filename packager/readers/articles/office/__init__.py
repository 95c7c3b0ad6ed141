"""What documents of word processors have in common, in whatever form they are saved: DOCX, ODT, RTF."""
