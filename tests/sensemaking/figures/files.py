"""Files of figures in the five shapes, small, as their makers write them."""

from __future__ import annotations

import io

import xlsxwriter

TYPED = (
    '"ID","RegioS","Perioden","JongerenMetJeugdhulpInNatura_1","JeugdhulpRelatief_2"\n'
    '0,"GM0193  ","2022JJ00",2010,9.8\n'
    '1,"GM0193  ","2023JJ00",2105,10.2\n'
    '2,"GM0439  ","2021JJ00",.,\n'
    '3,"GM0439  ","2022JJ00",1230,10.9\n'
)
OBSERVATIONS = (
    '"Id";"Measure";"ValueAttribute";"Value";"StringValue";"VormenVanJeugdzorg";"RegioS";'
    '"Perioden"\n'
    '1;"D003402";"None";120;"";"A017916";"GM0193";"2023JJ00"\n'
    '2;"D003402";"Secret";;"";"A017916";"GM0200";"2023JJ00"\n'
)
STATLINE = (
    '"Jeugdzorg; kerncijfers"\n\n'
    '"Onderwerp";"Jongeren met jeugdhulp";"Jongeren met jeugdhulp";"Aandeel";"Aandeel"\n'
    '"Perioden";"2022";"2023*";"2022";"2023*"\n'
    '"Regio\'s";"aantal";"aantal";"%";"%"\n'
    '"Nederland";"428 045";"430 000";"10,1";"10,2"\n'
    '"Zwolle";"2 010";".";"9,8";"x"\n'
    '"Groningen (gemeente)";"3 010";"3 100";"9,8";"9,9"\n'
    '"Bron: CBS"\n'
)
TITLED = (
    '"Regio\'s";"Perioden";"Bevolking (aantal)";"Kosten (x 1 000 euro)"\n'
    '"Nederland";"2023*";"17811291";"12,5"\n'
    '"Bergen (NH.)";"2022";"29000";"."\n'
)
HEAD = "gebied;periode;indicator;waarde;eenheid;soort;zekerheid;bron;peildatum;opmerking\n"
TEMPLATE = (
    HEAD + "Zwolle;2024;Meldingen;1.234;meldingen;aantal;voorlopig;eigen registratie;1-1-2025;\n"
    "GM0193;2024;Eenzaam;44,5;%;percentage;model (42,1-47,0);GGD;;\n"
    "Zwolle;2023;Eenzaam;;%;percentage;;GGD;;\n"
)
YEARS = "gemeente;2019;2020;2021\nZwolle;12,1;12,3;12,4\nDeventer;11,0;;x\n"


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """A workbook with these sheets."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return data.getvalue()
