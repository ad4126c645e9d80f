"""Reads tables as people save them: CSV in any encoding and with any separator, and workbooks."""
