"""The whole service on virtual time, with everything going wrong by a seed."""
