"""The small words that announce a name, belong to one, or follow one. In Dutch, with what the other
languages of the tellers need."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set("""
    broeder dhr doctor dokter dominee dr drs fam familie heer hoca hodja imam ir juf juffrouw
    meester meneer mevr mevrouw mijnheer miss mr mrs ms mw oma oom oompje opa opoe pastoor
    pater prof tante tante's zr zuster
""")
ROLES = _set("""
    advocaat agent ambulant arts baas baby begeleider begeleidster bewindvoerder bewoner
    bewoonster broer broertje buurjongen buurman buurmeisje buurvrouw casemanager client
    cliënt cliënte coach collega consulent consulente coördinator docent dochter dochtertje
    dokter ergotherapeut ex fysiotherapeut gezinscoach huisarts huisgenoot hulpverleenster
    hulpverlener inwoner jobcoach jongen jongerenwerker juf kind klasgenoot kleindochter
    kleinzoon leidinggevende leraar lerares logopedist ma maatje maatschappelijk mam mama man
    mantelzorger meester meisje meneer mentor mevrouw moeder neef neefje nicht nichtje oma oom
    opa opbouwwerker overbuurman overbuurvrouw pa pap papa partner pleegmoeder pleegvader
    pleegzoon psycholoog schoondochter schoonmoeder schoonvader schoonzoon schuldhulpverlener
    sociaal stiefmoeder stiefvader tante teamleider therapeut tolk tweeling vader
    verpleegkundige voogd vriend vriendin vriendje vrijwilliger vrouw werker wijkagent
    wijkverpleegkundige wijkwerker zoon zoontje zus zusje
""")
ADDRESSING = _set("""
    dhr dokter dr familie heer meneer mevr mevrouw mijnheer mw
""")
ROLE_IS_TITLE = _set("""
    ambulant jongen kind maatschappelijk man meisje meneer mevrouw sociaal vrouw werker
""")
TUSSEN = _set("""
    abd abu al ben bin da de del den der di do dos du el het ibn in la le op t te ten ter und
    van vd von
""")
COMPANY = _set("""
    aan door met namens
""")
CALLED = _set("""
    called genaamd genoemd heet heette heten named noemen noemt
""")
DETERMINERS = _set("""
    't a an de deze een elke geen haar her het his hun iedere je jouw mijn my ons onze our the
    their uw zijn
""")
BEFORE_SURNAME = _set("""
    aan bij by door en from met naar namens of to van voor with
""")
AFTER_NAME = _set("""
    begint begon begreep begrijpt belde belt bleef blijft bracht brengt dacht deed denkt doet
    durft en gaat gaf geeft ging had heeft helpt hield hielp hoorde hoort houdt is kan keek
    kende kent kijkt kocht komt kon kookt koopt kreeg krijgt kwam laat lacht lag las leest
    liep liet ligt loopt luisterde luistert mag mocht moest moet nam neemt nodigde riep
    schreef schrijft slaapt sliep sloot snapt sprak spreekt staat stond stuurde vertelde
    vertelt vindt vond vraagt vroeg was weet werd werkt wilde wist woont wordt wou zag zal zat
    zegt zei ziet zit zong zou
""")
MONTHS = _set("""
    april august augustus december dinsdag donderdag februari february friday januari january
    juli july june juni maandag maart march may mei monday november october oktober saturday
    september sunday thursday tuesday vrijdag wednesday woensdag zaterdag zondag
""")
FIRM_TUSSEN = frozenset(("van der", "van den", "van de", "ter", "ten", "van t", "vd", "el", "al"))
ALWAYS_SURNAME = frozenset(("van der", "van den", "vd"))
"""Behind a form of address, whatever word follows."""
APPOSED = _set("""
    de een haar mijn ons onze zijn
""")
TOWARDS = _set("""
    in uit naar te vanuit richting rond rondom nabij bij tussen from to near
""")
QUARTER = _set("""
    wijk buurt dorp stad dorpje buurtje gemeente eiland regio stadsdeel
""")
LIVES = _set("""
    woon woont wonen woonde kom komt kwam komen verhuisd verhuisde geboren
""")
