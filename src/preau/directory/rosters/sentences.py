"""What happened to a roster, in sentences for the person who gave the file.

Keys are the codes of `Rejected.reason`, `Notice.reason` and `RosterRefused.reason`; `{names}` are their details. A
sentence says what happened, what is kept, and what to do. Notices that count rows end in `{count}` and `{lines}`,
so that they need no plural.
"""

from __future__ import annotations


def _(sentence: str) -> str:
    """Mark for translation; whoever shows the sentence translates it."""
    return sentence


# One row that was not taken.
REASONS: dict[str, str] = {
    "missing_id": _("La colonne {column} est vide : sans identifiant, la ligne ne désigne personne. Complétez-la."),
    "missing_reference": _("La colonne {column} est vide : la ligne ne dit pas de qui ou de quoi elle parle."),
    "no_name": _("La ligne {id} n’a ni nom ni identifiant de connexion. Ajoutez l’un des deux."),
    "duplicate_id": _(
        "L’identifiant {id} est déjà à la ligne {first_line} de {first_file}, qui est gardée. Celle-ci ne l’est pas."
    ),
    "unknown_person": _("La ligne parle de la personne {person}, qui n’est dans aucun fichier."),
    "unknown_group": _("La ligne parle de la classe ou du groupe {group}, qui n’est dans aucun fichier."),
    "unknown_organisation": _("La ligne parle de l’établissement {organisation}, qui n’est dans aucun fichier."),
    "unknown_guardian": _(
        "Le responsable {guardian} de l’élève {pupil} n’est dans aucun fichier : le lien n’est pas créé."
    ),
    "enrolment_role_unknown": _(
        "Le mot « {word} » ne dit pas si la personne apprend ou enseigne dans ce groupe, et son rôle non plus."
    ),
    "ragged_row": _(
        "La ligne a plus de cases que de colonnes, souvent à cause d’une virgule dans un nom sans guillemets. Aucune de"
        " ses valeurs n’est sûre."
    ),
    "field_too_long": _("Une case dépasse {limit} caractères : un guillemet manque sans doute."),
    # Against what is already here
    "other_school": _("{name} est d’un autre établissement. Cet import ne peut toucher que le vôtre."),
    "school_not_said": _("Le fichier ne dit pas de quel établissement est {name} : il n’est pas dans le vôtre."),
    "id_too_long": _("L’identifiant {id} est trop long pour en être un."),
    "group_without_school": _("La classe ou le groupe {name} n’est d’aucun établissement du fichier."),
}

# Something to know; nothing was refused for it.
NOTICES: dict[str, str] = {
    # Files
    "file_empty": _("Ce fichier est vide : rien n’y a été lu."),
    "file_binary": _("Ce fichier n’est pas un texte, malgré son nom : il n’a pas été lu."),
    "file_field_too_long": _(
        "À partir de la ligne {line}, une case ne finit pas : ce fichier n’a pas été lu. Cherchez un guillemet en trop."
    ),
    "file_unclosed_quote": _(
        "Un guillemet ouvert à la ligne {line} n’est jamais fermé : ce fichier n’a pas été lu. Corrigez cette ligne."
    ),
    "file_nested_archive": _("Ce fichier est une archive dans l’archive : elle n’a pas été ouverte."),
    "file_unsupported_compression": _("Ce fichier est compressé d’une façon inconnue : il n’a pas été lu."),
    "file_xml_not_read": _("Ce fichier XML (« {root} ») n’est pas d’un format lu ici : il n’a pas été lu."),
    "file_xml_malformed": _("Ce fichier XML est abîmé : il n’a pas été lu."),
    "file_xml_encoding": _("Ce fichier XML est dans un encodage qui n’est pas accepté : il n’a pas été lu."),
    "file_unknown": _("Les colonnes de ce fichier ne disent rien de connu : il n’a pas été lu."),
    "file_not_needed": _("Ce fichier ne sert pas à l’annuaire : il n’a pas été lu."),
    "file_ambiguous": _(
        "Les colonnes de ce fichier vont aux élèves comme aux enseignants : il n’a pas été lu. Mettez « student » ou"
        " « teacher » dans son nom."
    ),
    "file_repeated": _("Ce fichier répète le contenu d’un autre : il n’a pas été lu."),
    "file_partial": _("Ce fichier est partiel : personne n’est considéré comme parti parce qu’il n’y figure pas."),
    "manifest_missing": _(
        "Il n’y a pas de fichier manifest.csv : les listes sont tenues pour partielles, personne n’est considéré comme"
        " parti."
    ),
    "manifest_file_missing": _(
        "Le manifeste annonce le fichier « {name} », qui manque ou n’a pas pu être lu : les absents de cette liste sont"
        " gardés."
    ),
    "set_partial": _("Des listes que ce format demande manquent ({names}) : personne n’est considéré comme parti."),
    "not_complete_after_all": _(
        "Un fichier n’a pas pu être lu : personne n’est considéré comme parti, car il y figurait peut-être."
    ),
    "correction": _("Ces lignes sont des corrections : personne n’est considéré comme parti."),
    "encoding_guessed": _("Ce fichier n’est pas en UTF-8 ; il a été lu en {encoding}. Vérifiez les accents."),
    "encoding_mixed": _(
        "Ce fichier mêle deux encodages ; il a été lu en {encoding} et des accents peuvent être faux. Exportez-le de"
        " nouveau en UTF-8."
    ),
    # Columns
    "columns_left_out": _("Ces colonnes ne servent pas ici et n’ont pas été gardées : {columns}."),
    "passwords_ignored": _(
        "Les mots de passe du fichier n’ont pas été lus : chacun choisit le sien à sa première connexion."
    ),
    "header_guessed": _("La colonne « {written} » a été lue comme « {expected} »."),
    "headers_repeated": _("Des colonnes portent le même nom ; seule la première a été lue : {columns}."),
    "rows_short": _(
        "Lignes qui ont moins de cases que de colonnes ; ce qui manque est tenu pour vide : {count} (ligne {lines})."
    ),
    # Dates
    "dates_day_first": _("La colonne {column} est lue jour/mois, d’après ses valeurs (exemple : {example})."),
    "dates_month_first": _("La colonne {column} est lue mois/jour, d’après ses valeurs (exemple : {example})."),
    "dates_day_first_assumed": _(
        "Rien dans la colonne {column} ne dit l’ordre du jour et du mois : elle est lue jour/mois (exemple :"
        " {example})."
    ),
    "dates_month_first_assumed": _(
        "Rien dans la colonne {column} ne dit l’ordre du jour et du mois : elle est lue mois/jour (exemple :"
        " {example})."
    ),
    "dates_mixed": _("La colonne {column} mêle jour/mois et mois/jour ; vérifiez ses dates."),
    "date_unreadable": _(
        "Dates illisibles dans la colonne {column}, dont les lignes sont gardées sans date : {count} (ligne"
        " {lines} ; exemple : « {example} »)."
    ),
    # Organisations
    "organisation_type_unknown": _(
        "« {word} » n’est pas un type d’établissement connu ; il est gardé comme « autre »."
    ),
    "organisation_assumed": _(
        "Lignes qui ne nomment pas d’établissement, et pour lesquelles le seul du fichier a été pris : {count}"
        " (ligne {lines})."
    ),
    "organisations_in_circle": _(
        "L’établissement {id} est au-dessus de lui-même par un cercle de rattachements ; il est rattaché à la racine."
    ),
    "parent_unknown": _("Le rattachement {id} n’est dans aucun fichier ; l’établissement est rattaché à la racine."),
    # People and groups
    "affiliation_nowhere": _(
        "Personnes rattachées à l’établissement {organisation}, qui n’est dans aucun fichier ; elles sont gardées"
        " sans lui : {count} (ligne {lines})."
    ),
    "access_closed": _("Personnes gardées sans accès, comme le fichier le demande : {count} (ligne {lines})."),
    "former_pupil": _("Anciens élèves (« {word} »), qui ne reçoivent pas de rôle : {count} (ligne {lines})."),
    "role_ended": _("Rôles déjà terminés dans le fichier, qui ne sont pas des départs : {count} (ligne {lines})."),
    "group_ended": _("Classes ou groupes déjà terminés dans le fichier : {count} (ligne {lines})."),
    "enrolment_repeated": _("Inscriptions répétées, dont chacune est prise une fois : {count} (ligne {lines})."),
    "pupil_not_teacher": _(
        "Élèves inscrits comme enseignants d’un groupe, et qui y sont pris comme élèves : {count} (ligne {lines})."
    ),
    "row_of_deleted": _(
        "Lignes qui parlent de ce que le fichier supprime, et qui ne sont pas lues : {count} (ligne {lines})."
    ),
    "link_left_out": _(
        "Liens qui ne vont pas d’un adulte à un élève, et qui ne sont pas créés : {count} (ligne {lines})."
    ),
    "contact_left_out": _(
        "Contacts (« {word} ») qui ne sont pas des responsables, et pour lesquels aucun lien n’est créé : {count}"
        " (ligne {lines})."
    ),
    "birth_date_of_nobody": _("Dates de naissance qui ne sont à personne de la liste : {count} (ligne {lines})."),
    # Against what is already here
    "next_year": _("Ces fichiers sont de l’année {year}, qui n’a pas commencé : personne ne part aujourd’hui."),
    "school_taken_for": _("« {file_name} » du fichier est pris pour {school}."),
    "school_not_found": _("Aucun établissement du fichier n’est {uai} ; chacun est gardé tel que le fichier le nomme."),
    "uai_letter_wrong": _("La dernière lettre de l’UAI {uai} ne va pas avec ses chiffres. Ne serait-ce pas {right} ?"),
    "person_without_school": _("Personnes que le fichier ne rattache à aucun établissement : {count} ({names})."),
    "person_without_name": _(
        "Personnes sans nom dans le fichier, qui apparaissent sous leur identifiant : {count} ({names})."
    ),
    "name_with_question_mark": _(
        "Noms où le fichier met un point d’interrogation, souvent une lettre perdue par l’export ; ceux de l’annuaire,"
        " mieux écrits, sont gardés : {count} ({names})."
    ),
    "new_name_with_question_mark": _(
        "Noms où le fichier met un point d’interrogation, souvent une lettre perdue par l’export, à corriger dans"
        " l’annuaire : {count} ({names})."
    ),
    "two_rows_one_person": _(
        "Personnes à qui plusieurs lignes donnent des identifiants différents ; la première est suivie : {count}"
        " ({names})."
    ),
    "identifier_of_another": _(
        "L’identifiant {kind} que le fichier donne à {name} est déjà à quelqu’un d’autre ; il n’est pas repris."
    ),
    "access_stays_closed": _(
        "Comptes fermés par une décision, que le fichier ne rouvre pas ; c’est à une personne de le faire : {count}"
        " ({names})."
    ),
    "person_left_alone": _(
        "Personnes que cet import aurait changées ou fermées, et que vous ne pouvez pas modifier ; elles restent comme"
        " elles sont, c’est à la direction de le faire : {count} ({names})."
    ),
    "power_remains": _(
        "Personnes qui partent mais gardent un rôle donné par quelqu’un, et donc leur accès ; terminez ce rôle s’il n’a"
        " plus lieu d’être : {count} ({names})."
    ),
    "absent_kept": _(
        "Des lignes refusées ne disent pas de qui elles parlent : personne n’est considéré comme parti. Corrigez-les,"
        " puis répétez de nouveau."
    ),
    "organisation_not_deleted": _("Le fichier supprime l’établissement {id} : cela ne se fait qu’à la main."),
    "deleted_unknown": _("Suppressions de ce qui n’est pas ici, et qui n’ont rien changé : {count} ({names})."),
    "kept_by_undo": _("Gardé à l’annulation, car modifié ou utilisé depuis : {name}."),
}

# The input as a whole; nothing was written.
REFUSALS: dict[str, str] = {
    "not_found": _("Il n’y a rien à cet endroit : {name}."),
    "not_a_file": _("« {name} » n’est ni un fichier, ni un dossier, ni une archive."),
    "empty_set": _("Le dossier ou l’archive ne contient aucun fichier à lire."),
    "empty": _("Le fichier « {name} » est vide. Exportez-le de nouveau."),
    "no_rows": _("Les fichiers ont des colonnes mais aucune ligne. Exportez-les de nouveau."),
    "every_row_rejected": _("Aucune des {count} lignes n’a pu être prise. Vérifiez que c’est le bon export."),
    "unknown_format": _(
        "Les colonnes de « {name} » ne sont celles d’aucun format connu (OneRoster, School Data Sync) : {headers}."
    ),
    "ambiguous_files": _(
        "Ces fichiers ont les colonnes des élèves comme des enseignants : {files}. Mettez « student » ou « teacher"
        " » dans leur nom."
    ),
    "nothing_readable": _("Aucun de ces fichiers n’a pu être lu : {files}."),
    "several_folders": _("Il y a plusieurs dossiers : {folders}. Donnez celui qui contient l’export."),
    "too_many_entries": _("Il y a plus de {limit} fichiers : ce n’est pas un export. Rien n’a été lu."),
    "too_many_rows": _("« {name} » a plus de {limit} lignes. Découpez l’export, ou faites relever la limite."),
    "file_too_large": _("« {name} » dépasse la taille permise. Rien n’a été lu."),
    "set_too_large": _("Une fois décompressée, l’archive dépasse la taille permise. Rien n’a été lu."),
    "compression_bomb": _(
        "« {name} » grandirait {ratio} fois en se décompressant : l’archive est un piège ou elle est abîmée."
    ),
    "path_escape": _("L’archive veut écrire hors de son dossier (« {name} ») : elle est refusée."),
    "absolute_path": _("L’archive contient un chemin complet (« {name} ») : elle est refusée."),
    "symlink": _("« {name} » est un lien vers un autre fichier : l’ensemble est refusé."),
    "duplicate_entry": _("L’archive contient deux fichiers de même nom (« {name} ») : elle est refusée."),
    "truncated_archive": _("L’archive « {name} » est incomplète. Téléchargez-la ou exportez-la de nouveau."),
    "damaged_archive": _("Dans l’archive, « {name} » est abîmé. Téléchargez-la ou exportez-la de nouveau."),
    "encrypted_archive": _("L’archive est protégée par un mot de passe. Décompressez-la et donnez le dossier."),
    "unsupported_compression": _(
        "« {name} » est compressé d’une façon inconnue. Décompressez l’archive et donnez le dossier."
    ),
    "nested_archive": _("« {name} » est une archive dans l’archive. Décompressez-la et donnez son contenu."),
    "binary": _("« {name} » n’est pas un fichier CSV, malgré son nom. Exportez la liste au format CSV."),
    "field_too_long": _(
        "Dans « {name} », une case ne finit pas à partir de la ligne {line}. Cherchez un guillemet en trop."
    ),
    "unclosed_quote": _(
        "Dans « {name} », un guillemet ouvert à la ligne {line} n’est jamais fermé. Corrigez cette ligne."
    ),
    "xml_not_read": _("« {name} » est un fichier XML (« {root} ») d’un format qui n’est pas lu ici."),
    "xml_malformed": _("Le fichier XML est abîmé à la ligne {line}. Exportez-le de nouveau."),
    "xml_encoding": _("Le fichier XML est dans un encodage qui n’est pas accepté ({encoding})."),
    "xml_internal_subset": _(
        "Le fichier XML déclare des entités, ce que n’écrit aucun logiciel scolaire : il est refusé par sécurité."
    ),
    "xml_entity": _("Le fichier XML emploie une entité inconnue : il est refusé par sécurité."),
    "xml_too_large": _("Le fichier XML dépasse la taille permise. Rien n’a été lu."),
    # Against what is already here
    "last_year": _(
        "Ces fichiers sont de l’année {year}, et l’annuaire est déjà en {present} : tout le monde partirait. Exportez"
        " l’année en cours."
    ),
    "two_sources": _(
        "Ces fichiers peuvent venir de deux endroits connus, {first} et {second}. Dites lequel en"
        " nommant l’établissement."
    ),
    "no_organisation": _("Ces fichiers ne nomment aucun établissement. Dites lequel est le leur."),
    "no_school_to_write": _("Aucun établissement de ces fichiers n’est le vôtre."),
}

# Why an import that was begun, or its undo, did not happen; nothing was written.
FAILURES: dict[str, str] = {
    "import_already_applied": _("Cet import a déjà été appliqué."),
    "import_changed_meanwhile": _(
        "L’annuaire a changé depuis la répétition : rien n’a été écrit. Répétez de nouveau, et regardez ce qui diffère."
    ),
    "import_needs_second_yes": _("Plus d’une personne sur dix partirait : rien n’a été écrit sans un second accord."),
    "import_not_simulated": _("Cet import n’attend plus d’être appliqué."),
    "import_not_applied": _("Cet import n’est pas appliqué : il n’y a rien à annuler."),
    "import_too_old_to_undo": _("Un import s’annule pendant 30 jours ; celui-ci est plus ancien."),
    "import_not_the_last": _("Un import plus récent a changé l’annuaire : annulez-le d’abord."),
    "import_interrupted": _("Le serveur s’est arrêté pendant l’import : rien n’a été écrit. Vous pouvez recommencer."),
    "import_files_gone": _("Les fichiers de cet import ne sont plus là : rien n’a été écrit. Déposez-les de nouveau."),
    "import_not_allowed": _("Vous n’aviez plus le droit d’importer ici quand c’est venu : rien n’a été écrit."),
    "import_unreadable": _("Les fichiers ne se lisent plus comme à la répétition : rien n’a été écrit."),
    "import_failed": _(
        "Une erreur du programme a arrêté cet import : rien n’a été écrit. Le détail est dans le journal du serveur."
    ),
}

# What official identifiers are called, by the kind their columns have in files. Proper names too.
IDENTIFIERS: dict[str, str] = {
    "ELEVE_ID": "SIECLE",
    "INE": "INE",
    "INE_RNIE": "INE",
    "INE_BEA": "INE",
    "ID_NATIONAL": "INE",
    "userMasterIdentifier": "OneRoster",
}

# What formats are called, by the code of `Roster.format`. Proper names, the same in every language.
FORMATS: dict[str, str] = {
    "oneroster-1.0": "OneRoster 1.0",
    "oneroster-1.1": "OneRoster 1.1",
    "oneroster-1.2": "OneRoster 1.2",
    "sds-v1": "School Data Sync V1",
    "sds-v2": "School Data Sync V2",
    "sds-v2.1": "School Data Sync V2.1",
}
