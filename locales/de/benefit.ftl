# Azure-Hybridvorteil: Lizenzen, die in Azure noch einmal genutzt werden.
section-benefit = Hybridvorteil
benefit-title = Azure-Hybridvorteil
benefit-lead = Windows-Server-Lizenzen Datacenter und Standard mit Software Assurance, auch als Abonnement, können für Windows-Maschinen in Azure wiederverwendet werden; diese kosten dann den niedrigeren Basis-Computesatz, den einer Linux-Maschine. Standard wird entweder für Azure umgewandelt oder bleibt, wo sie ist; Datacenter gilt an beiden Orten. SQL-Server-Lizenzen decken SQL Server in Azure ebenso ab.
workload-windows = Windows Server
workload-host = Windows Server auf einem dedizierten Host
workload-sql-vm-standard = SQL Server Standard
workload-sql-vm-enterprise = SQL Server Enterprise
workload-sql-general-purpose = Azure SQL, Universell
workload-sql-business-critical = Azure SQL, Unternehmenskritisch
place-azure = In Azure
place-host = Dedizierter Host in Azure
place-premises = Im eigenen Haus
benefit-licences = Kernlizenzen
benefit-none = Dieser Kunde hat noch keine Kernlizenzen mit dem Vorteil.
benefit-edition = Edition
benefit-owned = Vorhanden
benefit-in-azure = In Azure
benefit-on-premises = Im eigenen Haus
benefit-free = Frei für Azure
benefit-lacks-now = { $cores ->
    [one] 1 Kernlizenz fehlt jetzt: Kaufen Sie nach oder beenden Sie eine Nutzung
   *[other] { $cores } Kernlizenzen fehlen jetzt: Kaufen Sie nach oder beenden Sie Nutzungen
}
benefit-lacks-on = { $cores ->
    [one] Ab { $day } fehlt 1 Kernlizenz
   *[other] Ab { $day } fehlen { $cores } Kernlizenzen
}
benefit-perpetual = { $cores } Kerne unbefristeter Lizenzen, die hier gekauft wurden, haben keine Software Assurance und tragen keinen Vorteil.
benefit-sources = Woher sie kommen
benefit-until = bis
benefit-renews = { $day }, dann verlängert
benefit-declared = Angegebene Lizenzen mit Software Assurance
benefit-declared-note = Angegebene Lizenzen: { $note }
benefit-declare = Lizenzen mit Software Assurance von anderswo angeben
benefit-declare-hint = Lizenzen ohne Software Assurance tragen keinen Vorteil.
benefit-cores = Kernlizenzen
benefit-count = Wie viele Lizenzen
benefit-unit = Gezählt nach
benefit-unit-cores = Kernen
benefit-unit-processors = Prozessoren (je 16 Kernlizenzen)
benefit-assurance-from = Erster Tag der Software Assurance
benefit-assurance-through = Letzter Tag der Software Assurance
benefit-note = Notiz, etwa die Vertragsnummer (freiwillig)
benefit-withdraw = Zurückziehen
benefit-uses = In Gebrauch
benefit-uses-none = Es ist nichts als in Gebrauch eingetragen.
benefit-since = Seit
benefit-end = Beenden
benefit-last-day = Letzter Tag
benefit-overlap = { $days ->
    [one] darf bis { $day } an beiden Orten genutzt werden: noch 1 Tag
   *[other] darf bis { $day } an beiden Orten genutzt werden: noch { $days } Tage
}
benefit-premises = Lizenzen eintragen, die im eigenen Haus genutzt werden
benefit-premises-hint = Standard-Lizenzen, die im eigenen Haus genutzt werden, sind für Azure nicht frei, außer 180 Tage lang, während eine Maschine dorthin umzieht. Datacenter-Lizenzen sind es.
benefit-premises-name = Wofür sie genutzt werden, etwa der Name eines Servers
benefit-calculator = Berechnen
benefit-list = Maschinen, je Zeile eine: Name, Größe, Region, Anzahl, Stunden im Monat
benefit-list-hint = Getippt, aus einer Tabelle eingefügt oder unten als Datei. Nötig sind nur Name und Größe.
benefit-file = Oder eine CSV-Datei
benefit-columns = Weitere Spalten
benefit-columns-text = Mit einer Kopfzeile dürfen die Spalten in beliebiger Reihenfolge stehen: Name, Size, Region, Cores, Count, Hours, Workload (windows, sql_vm_standard, sql_vm_enterprise, sql_general_purpose, sql_business_critical), LicensedRate und BaseRate mit ReservedRate (je Stunde; für Größen und Regionen ohne bekannten Satz und für SQL Server), Host und HostCores (Maschinen auf einem dedizierten Host, die mit dessen physischen Kernen zusammen abgedeckt werden).
benefit-region = Region der Maschinen, die keine nennen (Sätze in { $currency })
benefit-region-none = Keine: nur Kernlizenzen zählen
benefit-reserve = Vergleichen mit einer Reservierung für
benefit-calculate = Berechnen
benefit-list-wrong = { $count ->
    [one] Die Liste enthält einen Fehler. Es wurde nichts berechnet.
   *[other] Die Liste enthält { $count } Fehler. Es wurde nichts berechnet.
}
benefit-list-large = Eine Liste hat höchstens { $most } MB.
benefit-result-title = Was der Vorteil spart
benefit-result = Mit den vorhandenen Lizenzen kosten diese Maschinen { $planned } im Monat statt { $plain }: { $saved } ({ $percent }) weniger.
benefit-advertised = Mit dem Vorteil auf jeder Maschine dieser Liste wären es { $saved } ({ $percent }) weniger; beworben wird „bis zu 40 %“.
benefit-best = Die Lizenzen sind dort eingesetzt, wo sie am meisten sparen: Keine andere Auswahl von Maschinen spart mehr.
benefit-bound = Die Lizenzen sind, soweit sich das durchsuchen lässt, dort eingesetzt, wo sie am meisten sparen: Keine andere Auswahl von Maschinen spart mehr als { $bound }.
benefit-unrated = { $count ->
    [one] Für 1 Maschine ist kein Satz bekannt: Ihre Kerne sind gezählt, ihre Kosten nicht.
   *[other] Für { $count } Maschinen ist kein Satz bekannt: Ihre Kerne sind gezählt, ihre Kosten nicht.
}
benefit-chart = Kosten im Monat
benefit-chart-note = Eine Reservierung bezahlt jede Stunde des Monats und deckt den Basis-Computesatz; der Vorteil deckt die Lizenz. Beides zusammen addiert sich. Die Preise der Lizenzen selbst sind in diesen Summen nicht enthalten.
benefit-bar-plain = Stundenweise, Lizenz enthalten
benefit-bar-benefit = Mit dem Vorteil
benefit-bar-reserved = Reserviert, Lizenz enthalten
benefit-bar-both = Reserviert, mit dem Vorteil
benefit-less = { $percent } weniger
benefit-lacks-title = Um den Rest abzudecken
benefit-lacks = { $cores ->
    [one] Es fehlt 1 Kernlizenz { $edition }.
   *[other] Es fehlen { $cores } Kernlizenzen { $edition }.
}
benefit-pack = { $quantity } × { $title }: { $cores } Kerne, je { $price } ({ $way }).
benefit-no-pack = Für diesen Kunden ist kein Abonnement dieser Edition im Verkauf.
benefit-machines = Maschinen
benefit-machine = Maschine
benefit-cores-each = Kerne je Maschine
benefit-cover = Abgedeckt durch
benefit-saves = Spart im Monat
benefit-by = { $edition }, { $cores } Kernlizenzen
benefit-by-many = { $count } durch { $edition }, je { $cores } Kernlizenzen
benefit-by-host = { $edition }, mit ihrem Host
benefit-not-covered = nicht abgedeckt
benefit-rest = { $count } nicht abgedeckt
benefit-already = hat den Vorteil schon
benefit-already-some = { $count } schon mit dem Vorteil
benefit-no-rate = kein Satz
benefit-host = Dedizierter Host { $name }, { $cores } Kerne
benefit-host-covered = abgedeckt durch Windows Server Datacenter
benefit-more = { $count ->
    [one] 1 weitere Maschine steht in der Tabelle.
   *[other] { $count } weitere Maschinen stehen in der Tabelle.
}
benefit-goes-on = Was damit geschehen soll
benefit-csv = Als Tabelle sichern (CSV)
benefit-print-hint = Gedruckt ist diese Seite ein Blatt für den Kunden.
benefit-started = Erster Tag
benefit-migrated = Die Maschinen ziehen aus dem eigenen Haus dorthin um: Ihre Lizenzen dürfen 180 Tage lang an beiden Orten genutzt werden
benefit-record = { $count ->
    [one] Abgedecktes als in Gebrauch eintragen: 1 Maschine
   *[other] Abgedecktes als in Gebrauch eintragen: { $count } Zeilen
}
benefit-nothing-to-record = Die Lizenzen decken keine dieser Maschinen ab; es gibt nichts einzutragen.
benefit-day = Nennen Sie einen Tag, etwa 2020-01-24.
benefit-choose-edition = Wählen Sie eine Edition der Liste.
benefit-done-declared = Die Lizenzen sind angegeben.
benefit-done-withdrawn = Die Angabe ist zurückgezogen.
benefit-done-recorded = Die Nutzung ist eingetragen. Schalten Sie den Vorteil auch in Azure ein: Von hier aus geschieht das nicht.
benefit-done-ended = Die Nutzung ist beendet. Schalten Sie den Vorteil auch in Azure aus.
cancel-takes-cores = Damit gehen { $cores } Kernlizenzen { $edition } verloren. Maschinen, für die der Azure-Hybridvorteil eingetragen ist, würden { $lacks } fehlen: Kaufen Sie andere, oder schalten Sie den Vorteil für sie zuerst aus.
subscription-takes-cores = Wenn es endet, gehen { $cores } Kernlizenzen { $edition } verloren, und Maschinen, für die der Azure-Hybridvorteil eingetragen ist, fehlen { $lacks }: Kaufen Sie rechtzeitig andere, oder schalten Sie den Vorteil für sie aus.
