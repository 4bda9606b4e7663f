"""First names and surnames by country, and names that break careless software."""
# ruff: noqa: RUF001 - letters that look like others are the point here


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "DE": (
        _words(
            "Anna Lena Marie Sophie Jana Katharina Ayşe Elif Heike Sabine Petra Ursula Birgit "
            "Claudia Nadine Franziska Johanna Luisa Mia Emilia Käthe Anneliese Ilse Zeynep Olga "
            "Natascha Svenja Wiebke Antje Frauke Maren Theresa Charlotte Pauline Ronja Jördis "
            "Chiara Aylin Fatima Beate Gisela Silke Tanja Verena Yvonne"
        ),
        _words(
            "Lukas Jonas Felix Paul Maximilian Jürgen Günter Björn Sören Mehmet Emre Ali Stefan "
            "Andreas Matthias Uwe Jörg Tim Leon Noah Oskar Karl-Heinz Hannes"
        ),
    ),
    "GB": (
        _words(
            "Olivia Amelia Isla Ava Emily Sophie Charlotte Grace Chloe Megan Siobhán Aoife Niamh "
            "Róisín Caoimhe Eilidh Fiona Catriona Bronwen Ffion Priya Aisha Zainab Mei Folasade "
            "Chidinma Margaret Patricia Jean Susan Linda Karen Sharon Tracey Zoë Chloë Hannah "
            "Lucy Ruby Florence Harriet Beatrice Imani Sadie Orla"
        ),
        _words(
            "Oliver George Harry Jack Noah Muhammad Rhys Dafydd Seán Ciarán Eoghan Hamish Angus "
            "Kwame Tunde Arjun Imran Wei Gareth Nigel Keith Darren Jordan"
        ),
    ),
    "PL": (
        _words(
            "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Krystyna Ewa Elżbieta Zofia Teresa "
            "Magdalena Joanna Janina Monika Danuta Jadwiga Aleksandra Halina Irena Beata Dorota "
            "Jolanta Grażyna Wiesława Stanisława Paulina Natalia Wiktoria Żaneta Łucja Oliwia "
            "Kinga Martyna Hanna Weronika Oksana Iryna Nadia Emilia Róża Bożena"
        ),
        _words(
            "Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Jakub Stanisław Łukasz "
            "Grzegorz Kazimierz Wojciech Mateusz Rafał Zbigniew Józef"
        ),
    ),
}

LAST: dict[str, tuple[str, ...]] = {
    "DE": _words(
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
        "Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann "
        "Hartmann Lange Schmitt Werner Krause Lehmann Köhler Maier Öztürk Yılmaz Kaya Çelik "
        "Nguyen Kowalski Horn Busch Jung Größl Weiß Strauß Vöß Böhm von-der-Heyden Ahrens "
        "Petersen Jansen Möller Thiele Ebert Sauer Arnold Wolff"
    ),
    "GB": _words(
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson "
        "Evans Walker White Roberts Green Hall Wood Jackson Clarke Khan Ahmed Begum O’Neill "
        "O’Sullivan MacDonald McKenzie Ní-Dhomhnaill Ó-Briain Llewellyn Okonkwo Adeyemi Singh "
        "Kaur Hussain Chen Wong Nowak Kowalska Fitzgerald Cholmondeley-Warner Hargreaves Byrne "
        "Murphy Kelly Doyle Gallagher"
    ),
    "PL": _words(
        "Nowak Kowalska Wiśniewska Wójcik Kowalczyk Kamińska Lewandowska Zielińska Szymańska "
        "Woźniak Dąbrowska Kozłowska Jankowska Mazur Wojciechowska Kwiatkowska Krawczyk "
        "Kaczmarek Piotrowska Grabowska Zając Pawłowska Michalska Król Wieczorek Jabłońska "
        "Wróbel Nowakowska Majewska Olszewska Stępień Malinowska Jaworska Adamczyk Dudek Górska "
        "Pawlak Witkowska Sikora Walczak Bąk Żak Ćwik Święcicka-Łoś Gżegżółka"
    ),
}

EDGES = (
    "Łucja Żółć-Święcicka",
    "Siobhán Ní Dhomhnaill",
    "Jörg Weißenbäck-Größle",
    "مريم الحسيني",
    "נועה לוי",
    "Zoë 💇‍♀️ Ødegård",
    "D’Arcy O’Neill",
    "Nguyễn Thị Ánh",
    "Ιωάννα Παπαδοπούλου",
    "Οlga",
    "李小龙",
    "Þórdís Ægisdóttir",
    "Ñ",
    "Maria del Pilar de la Santísima Trinidad Fernández de Córdoba y Álvarez de Toledo-Osorio",
    "José 🌈",
    "Null Undefined",
    "Robert'); DROP TABLE clients;--",
    "<b>Bold</b> & Sons",
)
"""Diacritics, right to left, joined emoji, one letter, ninety letters, and the classics."""
