//! La phrase d'un manquement : ce qui ne va pas, dit à qui tient le planning.

/// La phrase d'une règle enfreinte par `objet`.
pub(super) fn phrase(code: &str, objet: &str) -> String {
    let suite = match code {
        "MISSING" => "n’est pas placé, et le candidat n’est pas noté de côté.",
        "DUP" => "est écrit deux fois ; gardez-en un.",
        "EXTRA" => "n’est pas une épreuve du parcours de ce candidat.",
        "UNKNOWN" => "nomme un candidat, une épreuve, une salle ou une personne inconnue.",
        "UNPLANNED" => "est placé alors que le candidat est noté de côté.",
        "GRID" => "ne commence pas sur le pas de la grille ; décalez son début.",
        "HOURS" => "sort des heures d’ouverture.",
        "PAST" => "est placé avant l’heure qu’il est.",
        "FROZEN" => "avait commencé et a été changé ; remettez-le où il était.",
        "PIN" => "n’est pas là où vous l’avez épinglé.",
        "ROOM" => "n’a pas une salle de la nature demandée.",
        "ROOM_AVAIL" => "est dans une salle qui n’est pas libre à ce moment.",
        "PMR" => "est dans une salle inaccessible en fauteuil.",
        "SITE" => {
            "mêle deux sites : un candidat reste sur le sien, une personne sur un seul par jour."
        }
        "GROUP" => "réunit plus de candidats que l’épreuve n’en admet ensemble.",
        "CAPACITY" => "réunit plus de candidats que la salle n’a de places.",
        "SUPERVISION" => "n’a pas l’encadrant qu’il faut : un seul jury, ou un seul surveillant.",
        "OVERLAP" => "a deux choses au même moment.",
        "JURY_AVAIL" => "demande un membre du jury qui n’est pas disponible.",
        "SURV_AVAIL" => "demande un surveillant qui n’est pas disponible.",
        "CAND_AVAIL" => "tombe quand le candidat n’est pas disponible.",
        "CONFLICT" => "met face à face un candidat et une personne liée à lui.",
        "LUNCH" => "n’a plus le temps de déjeuner.",
        "MAX_HOURS" => "dépasse sa durée maximale de la journée.",
        "BREAK" => "n’a pas de pause entre deux épreuves.",
        "PRECEDENCE" => "passe ses épreuves dans le désordre.",
        "CHAIN" => "n’enchaîne pas deux épreuves qui se suivent, même salle, même jury.",
        "SAME_JURY" => "change de jury entre des épreuves qui demandent le même.",
        "SAME_START" => "ne commence pour tous en même temps.",
        "DELIB" => "n’a pas lieu une fois, après la dernière épreuve.",
        _ => "enfreint une règle.",
    };
    format!("{objet} {suite}")
}

/// « 9 h 05 ».
pub(crate) fn heure(minutes: i64) -> String {
    format!(
        "{}\u{a0}h\u{a0}{:02}",
        minutes.div_euclid(60),
        minutes.rem_euclid(60)
    )
}
