"""Names for people who do not exist, in the scripts and spellings that rosters have to bear."""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple


class Name(NamedTuple):
    """A first and a last name, and the letters that they leave in an e-mail address."""

    first: str
    last: str
    address: str


# Names that break what was only tried on plain letters.
_UNUSUAL = (
    Name("Żaneta", "Wróblicka", "zaneta.wroblicka"),
    Name("Siobhán", "O'Fennimore", "siobhan.ofennimore"),
    Name("Thị Mai", "Nguyễn-Brook", "mai.nguyen-brook"),
    Name("花子", "山田", "hanako.yamada"),
    Name("José María", "de la Fontana y Río", "jose.fontana"),
    Name("Jürgen", "Großkreuzer", "juergen.grosskreuzer"),
    Name("Ayşe", "Çeşmegöl", "ayse.cesmegol"),
    Name("Li", "X", "li.x"),
    Name("Οδυσσέας", "Παπαλιόφυλλος", "odysseas.papaliofyllos"),
    Name("Jean-Luc", "D'Aubervoix", "jean-luc.daubervoix"),
    Name("Åse", "Ødegårdhaug", "ase.odegardhaug"),
    Name("Na", "Quillwater", "na.quillwater"),
)

_FIRST = """
    Ada Amara Anneke Arlo Asha Bashir Beatriz Bo Calla Casimir Chidi Cleo Dalia Darius Delphine Dov Edda Eitan Elodie
    Emeka Esi Farah Fergus Fiona Gideon Greta Gwen Hana Hugo Ife Imogen Ines Ingrid Isamu Ivo Jago Jamila Jonas Juno
    Kaito Kavya Keir Kofi Lale Leander Linnea Lucan Mabel Maja Malik Marisol Mika Milo Nadia Ngozi Nils Noor Odette
    Omar Oona Orla Pavel Petra Priya Quinn Rafa Rahel Ramona Rohan Roza Saskia Selim Sena Silas Sunniva Tamsin Tariq
    Thea Tobias Uma Ursin Vashti Vera Wanda Wilhelm Xenia Yara Yusuf Zelda Zuri
""".split()

_LAST = """
    Alderfen Applecroft Ashgrove Barleyfield Beechcroft Birchmere Bramblewick Briarmoor Brooklark Candlewood Cloudesmere
    Coppergate Cranefield Dapplewood Dovenby Dunmarrow Elderglen Emberlow Fallowmere Farthingdale Fennimarsh Fernhollow
    Finchley-Moor Flintwater Foxenby Gannetshaw Glimmerdale Goldthistle Greyheron Hallowbeck Harebrook Hawkenfell
    Hazelmarsh Heronsgate Hollinwick Ivymantle Jasperfield Juniperton Kestrelby Kingfishersen Larkenfield Lindenhithe
    Lowmarten Maplethorn Marshwren Meadowsweet Merlinshaw Mossgrave Nettlecombe Nightjarson Oakenshaw Orchardby Osprayle
    Otterbourne-Vale Peartree-Lund Pinemarten Plovermere Quailford Rainsparrow Ravenscombe Redwhistle Reedwater
    Rookhampton Rowanbeck Rushpool Sandmartin Sedgewren Silverbirch Snowbunting Sorrelby Starlingford Stonechatter
    Swallowtree Tanglewood-Ross Teasel Thistledown Thornwillow Turnstoney Umberfield Vellacombe Wagtailor Waxwingham
    Wheatearson Whimbrelow Willowbeck Winterthrush Wrenfield Yaffleton Yarrowdale Yewbarrow
""".split()


def names() -> Iterator[Name]:
    """Names without end. An address is never given twice; after some eight thousand people a name is."""
    yield from _UNUSUAL
    for number in count():
        # The lists have no common divisor with the strides, so that every pair comes before any comes again.
        turn, place = divmod(number, len(_FIRST) * len(_LAST))
        first = _FIRST[place * 7 % len(_FIRST)]
        last = _LAST[(place // len(_FIRST) + place * 11) % len(_LAST)]
        address = f"{first}.{last}".lower()
        yield Name(first, last, f"{address}{turn + 1}" if turn else address)
