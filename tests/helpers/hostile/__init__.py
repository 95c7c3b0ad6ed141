"""What people send who want to harm: archives that lead elsewhere, and files that grow without end."""
