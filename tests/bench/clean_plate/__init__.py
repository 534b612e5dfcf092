"""What tests/bench/clean_plate.py is made of: cases with ground truth, baselines, measures and a page to look at."""
