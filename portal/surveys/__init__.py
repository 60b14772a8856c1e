"""The satisfaction survey: asked by rule, answered in confidence, shown as figures from five answers."""
