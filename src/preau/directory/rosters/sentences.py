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
}
