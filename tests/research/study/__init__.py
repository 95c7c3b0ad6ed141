"""What our encoders are worth, judged by a slow judge of pictures: `python -m tests.research.study`."""
