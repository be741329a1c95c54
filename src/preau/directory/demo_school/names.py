"""Names of invented people, as a French collège hears them at roll call.

Given and family names go together by pool (the family's, roughly), and half of the children of any pool bear a name
that is in fashion everywhere. Only links between people (mère, père) need to know how a name is read: nothing about
gender leaves this module's callers.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random

_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "æ": "ae", "œ": "oe", "Œ": "OE", "ß": "ss", "ı": "i"})


def slug(text: str) -> str:
    """`text` in lower-case ASCII letters and digits, every other character turned into one hyphen at most."""
    plain = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(kept.lower().split())


def _words(text: str) -> tuple[str, ...]:
    """Names separated by blanks; `_` stands for the blank inside a name."""
    return tuple(word.replace("_", " ") for word in text.split())


@dataclass(frozen=True, slots=True)
class Pool:
    """Names that go together; `weight` is the share of families, in per cent."""

    weight: int
    family: tuple[str, ...]
    children: tuple[str, ...]
    mothers: tuple[str, ...]
    fathers: tuple[str, ...]


FASHION = _words("""
    Adam Alice Alix Ambre Anna Arthur Axel Camille Chloé Clara Clémence Côme Eden Élise Emma Ethan Eva Gabriel Inès
    Jade Jules Julia Léa Léo Léna Lina Liam Lola Lou Louis Louise Lucas Lucie Lyna Maëlle Maël Malo Manon Marius
    Mathis Mia Mila Milan Naël Nathan Nina Noa Noah Noé Nour Olivia Paul Rayan Romane Romy Rose Sacha Sarah Sofia
    Théo Tiago Timéo Tom Victoire Victor Yanis Zoé
""")

_FRENCH = Pool(
    62,
    _words("""
    Aubert Bailly Barbier Baron Barre Baudry Bazin Benoist Berger Bertin Besse Bigot Blain Blanc Blondel Bonnet
    Bouchet Boucher Bouvier Boyer Breton Briand Brun Bruneau Camus Carlier Carré Cartier Chapuis Charles Charpentier
    Chauvin Chevalier Clément Collet Cordier Cousin Coulon Courtois Daniel David Delaunay Delmas Denis Deschamps
    Devaux Didier Drouet Dubois Dufour Duhamel Dumont Dupuis Durand Duval Étienne Fabre Faivre Ferry Fleury Fontaine
    Forestier Fournier Gaillard Garcin Gautier Georges Gilbert Giraud Godard Gosselin Goujon Grandjean Gros Guérin
    Guichard Guillet Guillot Hamel Hamon Henry Huet Humbert Imbert Jacob Jacquet Joly Jourdan Lacombe Laine Lambert
    Langlois Laporte Laurent Leblanc Lebrun Leduc Lefort Legrand Lejeune Lemaire Lemoine Lenoir Le_Bihan Le_Floch
    Le_Roux Levasseur Lucas Mace Maillot Mallet Marchal Maréchal Marie Martel Marty Mathieu Maury Menard Michaud
    Millet Monnier Morel Morin Moulin Muller Navarro Neveu Nicolas Noël Pasquier Paris Pelletier Perrin Philippe
    Pichon Poirier Pons Poulain Prévost Quentin Raymond Regnier Remy Renard Renaud Rey Reynaud Richard Rivière Robin
    Rolland Roux Royer Salmon Schmitt Seguin Tessier Thibault Tournier Vallet Verdier Vidal Vincent Voisin Weber
    """),
    _words("""
    Agathe Anatole Antoine Apolline Augustin Baptiste Bastien Capucine Céleste Charlie Constance Corentin Diane Elsa
    Éloi Émile Enora Esteban Eugénie Flavie Flore Gaspard Hortense Hugo Iris Jeanne Joseph Juliette Lilou Lison
    Loïc Lucien Ludivine Maëlys Margaux Margot Marin Martin Maxence Nolan Octave Ophélie Oscar Pauline Quentin
    Robin Salomé Simon Soline Suzanne Thaïs Titouan Valentin Yaëlle Youenn
    """),
    _words("""
    Anne Aurélie Bénédicte Carine Catherine Cécile Céline Christelle Claire Corinne Delphine Élodie Émilie Estelle
    Fanny Florence Gaëlle Hélène Isabelle Karine Laetitia Laure Lucile Magali Marion Mathilde Mélanie Muriel Nathalie
    Noémie Pascale Sandrine Solène Sophie Stéphanie Sylvie Valérie Virginie
    """),
    _words("""
    Alexandre Arnaud Aurélien Benjamin Bruno Cédric Christophe Cyril Damien David Denis Emmanuel Étienne Fabien Franck
    Frédéric Guillaume Jérôme Julien Laurent Loïc Ludovic Marc Matthieu Maxime Nicolas Olivier Pierre Philippe Régis
    Romain Sébastien Stéphane Sylvain Thierry Thomas Vincent Xavier
    """),
)
_MAGHREB = Pool(
    14,
    _words("""
    Abbas Aït_Ali Amara Aouad Belkacem Ben_Amor Benaissa Benamar Benhaddou Bensalem Boualem Bouchareb Bouzid Chaoui
    Cherkaoui Dahmani El_Amrani El_Idrissi Fassi Ferhat Ghali Guerroudj Hamidi Hammami Jaziri Kaci Kadri Khelifi
    Lahlou Larbi Mansouri Mebarki Meziani Mokhtari Ouali Rahmani Saadi Saïdi Slimani Tahar Touati Yahiaoui Zeroual
    Bakri Benali Gharbi Haddad Ibrahim Nasri Zerrouki
    """),
    _words("""
    Amine Amira Aya Ayoub Bilal Chaïma Dina Elyas Farah Hafsa Hana Ilyes Imane Ismaël Jasmine Kamil Kenza Lilia
    Marwa Mehdi Meriem Mohamed Nassim Nawel Nejma Ryad Safia Samy Selma Sirine Wassim Yasmine Younès Zakaria
    """),
    _words(
        "Amel Djamila Fatiha Fouzia Hakima Hayat Houria Karima Khadija Latifa Leïla Malika Naïma Nora Rachida "
        "Salima Samira Siham Soraya Wafa Yamina Zineb"
    ),
    _words(
        "Abdelkader Aziz Brahim Djamel Farid Fouad Hakim Hamid Hichem Kader Kamel Khaled Lotfi Mourad Mustapha "
        "Nabil Omar Rachid Reda Salah Tarik Youcef"
    ),
)
_WEST_AFRICA = Pool(
    7,
    _words(
        "Ba Bamba Camara Cissé Coulibaly Dembélé Diallo Diarra Diop Doumbia Fall Fofana Gueye Kanté Konaté Koné "
        "Kouassi Mendy Ndiaye Ouattara Sarr Sissoko Sow Touré Yao"
    ),
    _words(
        "Abdoulaye Adama Aïssata Aminata Bakary Binta Cheick Djibril Fatou Habib Ibrahima Kadiatou Khady Mamadou "
        "Mariama Mory Oumou Ousmane Rokia Seydou Sira Souleymane"
    ),
    _words("Aïcha Assa Astou Bintou Coumba Dieynaba Fanta Hawa Maïmouna Mame Nafissatou Ramata Salimata Tenin"),
    _words("Aliou Amadou Boubacar Demba Drissa Idrissa Issa Lassana Makan Modibo Moussa Sékou Tidiane Yaya"),
)
_IBERIA = Pool(
    6,
    _words(
        "Almeida Alves Carvalho Castro Da_Costa Da_Cruz Dias Dos_Santos Esteves Fernandes Ferreira Gomes Gonçalves "
        "Hernandez Lopes Lopez Marques Martinez Mendes Monteiro Pereira Pinto Ribeiro Rodrigues Ruiz Sanchez Teixeira"
    ),
    _words(
        "Ana Beatriz Bruno Carla Diego Enzo Flavio Hugo Inês Joana Leandro Leonor Mateo Matilde Nuno Rafael "
        "Santiago Teresa Tomás"
    ),
    _words("Amélia Cristina Elisabete Fátima Helena Isabel Lurdes Maria Marisa Paula Rosário Sílvia Susana"),
    _words("Antonio Carlos Fernando Filipe Jorge José Luis Manuel Nelson Pedro Ricardo Rui Sergio Vitor"),
)
_EAST_EUROPE = Pool(
    4,
    _words(
        "Bodnar Dimitrov Dragan Ionescu Jankowski Kaczmarek Kovac Lis Marinescu Mazur Melnyk Nowak Petrov Popescu "
        "Shevchenko Szymański Wiśniewska Zielinski"
    ),
    _words("Andrei Bogdan Daria Filip Ioana Jan Kasia Kateryna Maja Mihai Oleh Oliwia Piotr Sofiya Wiktor Zofia"),
    _words("Agnieszka Daniela Elena Ewa Irina Joanna Magdalena Monika Natalia Oksana Simona Svitlana"),
    _words("Adrian Bohdan Cristian Dariusz Ivan Krzysztof Marek Nicolae Pavel Serhii Tomasz Vasile"),
)
_TURKEY = Pool(
    3,
    _words("Acar Arslan Aydın Çelik Demir Doğan Kaplan Karaca Korkmaz Özdemir Polat Şahin Yalçın Yıldız"),
    _words("Aslı Berat Defne Ela Elif Emir Eren Kerem Melis Mert Mina Nisa Ömer Yusuf Zeynep"),
    _words("Ayşe Derya Emine Fatma Gül Hülya Meryem Nermin Özlem Sevgi"),
    _words("Ahmet Cem Hakan Hasan İsmail Mehmet Murat Orhan Selim Yılmaz"),
)
_ASIA = Pool(
    4,
    _words(
        "Chen Dang Dinh Fernando Hoang Huang Kumar Lê Liu Ly Pham Phan Rajan Sivakumar Tran Truong Vu Wang Wu Zhang"
    ),
    _words("Abinaya Aravind Bao Hoa Huy Kavya Kim-Anh Lin Linh Long Mai Mei Minh Nila Quang Thanh Vinh Xin Yun"),
    _words("Hong Jayanthi Lan Li Nga Phuong Priya Thuy Uma Xiaomei Yen"),
    _words("Arjun Cuong Dung Hung Jian Khoa Ravi Suresh Tuan Wei"),
)

POOLS = (_FRENCH, _MAGHREB, _WEST_AFRICA, _IBERIA, _EAST_EUROPE, _TURKEY, _ASIA)
_WEIGHTS = [pool.weight for pool in POOLS]


class Namer:
    """Draws names, and never the same full name twice: a homonym is somebody's decision, not an accident."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def reserve(self, given: str, family: str) -> None:
        """Say that a full name is borne, so that it is not drawn."""
        self._taken.add(slug(f"{given} {family}"))

    def pool(self) -> Pool:
        """A pool, by its share of families."""
        return self._rng.choices(POOLS, _WEIGHTS)[0]

    def pool_of(self, family: str) -> Pool:
        """The pool that knows a family name written by hand; the largest for the others."""
        return next((pool for pool in POOLS if family in pool.family), _FRENCH)

    def family(self, pool: Pool) -> str:
        """A family name; one in sixteen is a double name."""
        name = self._rng.choice(pool.family)
        if self._rng.random() < 1 / 16:
            other = self._rng.choice(self.pool().family)
            if other != name and " " not in name + other:
                return f"{name}-{other}"
        return name

    def child(self, pool: Pool, family: str) -> str:
        """A child's given name, whose full name is not borne yet."""
        return self._draw(FASHION + pool.children if self._rng.random() < 0.5 else pool.children, family)

    def mother(self, pool: Pool, family: str) -> str:
        """A given name of a woman of the parents' age, whose full name is not borne yet."""
        return self._draw(pool.mothers, family)

    def father(self, pool: Pool, family: str) -> str:
        """A given name of a man of the parents' age, whose full name is not borne yet."""
        return self._draw(pool.fathers, family)

    def adult(self, pool: Pool, family: str) -> str:
        """A given name of an adult, whose full name is not borne yet."""
        return self._draw(pool.mothers + pool.fathers, family)

    def _draw(self, given: tuple[str, ...], family: str) -> str:
        start = self._rng.randrange(len(given))
        for offset in range(len(given)):
            name = given[(start + offset) % len(given)]
            if slug(f"{name} {family}") not in self._taken:
                break
        else:
            # Every name of the list is borne in this family: a second given name tells them apart.
            others = (f"{given[start]}-{other}" for other in given if other != given[start])
            name = next(full for full in others if slug(f"{full} {family}") not in self._taken)
        self.reserve(name, family)
        return name
