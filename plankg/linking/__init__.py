"""Links to other data: what has none yet (:mod:`things`), who proposes some (:mod:`reconciliation`,
:mod:`labels`), the list a person decides on (:mod:`candidates`), what was accepted (:mod:`accepted`)."""
