"""Whatever is typed or pasted where guides are written: a page opens, and says what is wrong."""

from __future__ import annotations

import pytest

from tests.coordinators.office import Office
from tests.coordinators.pages.workbench import HERE, make, question, saved

STEP = 'title = "T"\n[[step]]\nid = "a"\nkind = "say"\n'
ODD = [
    "",
    "step = 3",
    'step = ["a", 3]',
    "minutes = nan",
    'title = "T"\nminutes = inf',
    f"minutes = {'9' * 400}",
    f"minutes = {'9' * 5000}",
    f"step = {'[' * 3000}",
    STEP,
    STEP + 'say = "b"\noptions = [3]\n',
    STEP + 'say = "b"\noptions = [{}]\n',
    "minutes = nan\n" + STEP + 'say = "b"\nend = true\n',
    f"minutes = {'9' * 400}\n" + STEP + 'say = "b"\nend = true\n',
    STEP + f'say = "b"\nmax = {"9" * 400}\n',
    STEP + 'say = "b"\nwhen = "= = or"\ngoto = "c"\n',
    *(
        f'{STEP}say = "b"\noptions = {odd}\npoles = {odd}\nskip = {odd}\n'
        f'[[step]]\nid = "b"\nkind = "choice"\nsay = "c"\nwhen = "a = x"\nshort = {odd}\n'
        f"options = {odd}\nskip = {odd}\nother_say = {odd}\nmax = {odd}\n"
        for odd in (
            "3",
            "[3]",
            '"x"',
            "[{}]",
            "{ a = 1 }",
            "[[]]",
            "true",
            "[{ id = 1, label = 2 }]",
        )
    ),
]
PAGES = (
    "",
    "/text",
    "/publish",
    "/saves",
    "/step?step=a",
    "/step?step=b",
    "/step?after=a",
    "/translations",
    "/try",
    "/bundle",
    "/xlsform",
)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_whatever_was_saved_as_text_every_page_of_it_opens(office: Office, text: str) -> None:
    person = await office.login("association")
    guide = await make(person)
    answer = await person.post(f"{HERE}/{guide}/text", {"revision": 1, "text": text})
    assert answer.status < 500
    for page in PAGES:
        answer = await person.client.get(f"{HERE}/{guide}{page}")
        assert answer.status < 500, page


@pytest.mark.parametrize("minutes", ["nan", "inf", "-1", "0", "61", "9" * 400, "abc", ""])
async def test_minutes_that_no_conversation_takes_are_refused(office: Office, minutes: str) -> None:
    person = await office.login("association")
    guide = await make(person)
    form = {"revision": 1, "title": "Anders", "minutes": minutes}
    assert (await person.post(f"{HERE}/{guide}/head", form)).status == 400
    assert "Anders" not in (await person.get(f"{HERE}/{guide}"))[1]


async def test_signs_that_no_file_can_hold_are_dropped_where_they_are_pasted(
    office: Office,
) -> None:
    person = await office.login("association")
    guide = await make(person)
    answer = await person.post(f"{HERE}/{guide}/step", question(1, "Wat\x0b hielp\x01?"))
    assert answer.status == 303
    assert 'say = "Wat hielp?"' in await saved(office, guide, 2)
