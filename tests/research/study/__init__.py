"""What the quality of pictures is judged by, studied with slow judges: `python -m tests.research.study`."""
