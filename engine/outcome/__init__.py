"""What a batch of decisions looks like as tables and text: wide, long, grouped, for a terminal."""
