"""Read models, each derived from the events alone; `all.py` names them, `workers.py` runs them."""
