"""Figures: indicators, their values by area and period, and what an import changed."""
