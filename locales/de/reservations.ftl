# Azure-Reservierungen und die Azure-Abonnements, für die sie gelten.

reservation-own = Reservierungen
reservation-own-hint = Jede senkt Stunde für Stunde den Preis passender Maschinen; ungenutzte Stunden kommen nicht zurück.
reservation-bought = Käufe
reservation-name = Name
reservation-scope = Bereich
reservation-shared = Für alle Azure-Abonnements gemeinsam
reservation-change = Ändern
reservation-part = Wie viele kommen in den ersten Teil?
reservation-part-hint = Der Rest von { $quantity } kommt in den zweiten. Zusammen bleiben sie, was sie waren.
reservation-split = Teilen
reservation-merge = Angekreuzte zusammenführen
reservation-merge-hint = Reservierungen aus einer Zeile einer Bestellung mit demselben Bereich werden wieder zu einer.
reservation-guid = muss eine GUID sein, etwa 5b2d8c3e-0f1a-4d6b-9c7e-2a3b4c5d6e7f
reservation-state-creating = Wird bereitgestellt
reservation-state-running = Aktiv
reservation-state-expired = Abgelaufen
reservation-state-replaced = Ersetzt
reservation-done-added = Das Azure-Abonnement wurde hinzugefügt.
reservation-done-registered = Es ist registriert: Reservierungen können darauf gekauft werden.
reservation-done-azure = Gespeichert.
reservation-done-changed = Die Reservierung wurde geändert.
reservation-done-split = Die Reservierung wurde geteilt.
reservation-done-merged = Die Reservierungen wurden zusammengeführt.
azure-title = Azure-Abonnements
azure-hint = Reservierungen können für eines davon allein gelten. Ein Azure-Abonnement entsteht in Azure; hier ist es unter seiner dortigen ID bekannt.
azure-none = Noch keine.
azure-add = Azure-Abonnement hinzufügen
azure-add-do = Hinzufügen
azure-id = Abonnement-ID
azure-id-hint = Eine GUID; das Azure-Portal zeigt sie unter „Abonnements“.
azure-registered = Für Reservierungen registriert
azure-not-registered = Nicht registriert
azure-suspended = Angehalten
azure-register = Für Reservierungen registrieren
azure-suspend = Anhalten
azure-resume = Fortsetzen

# Zurückgeben und tauschen

reservation-state-returned = Zurückgegeben
reservation-done-returned = Sie wurde zurückgegeben. Die Gutschrift steht auf der nächsten Monatsrechnung.
reservation-done-exchanged = Sie wurde getauscht. Gutschrift und neue Reservierung stehen auf der nächsten Monatsrechnung.
give-back = Zurückgeben oder tauschen
give-back-refund = Geld zurück
give-back-exchange = Tauschen
give-back-quantity = Wie viele?
give-back-quantity-hint = Höchstens { $most }. Was nicht zurückgegeben wird, bleibt, wie es ist.
give-back-search = Suchen
give-back-search-hint = Nur Reservierungen derselben Art stehen zur Wahl.
give-back-for = Tauschen gegen
give-back-more = Es gibt weitere: Suchen Sie mit einem Wort aus dem Namen.
give-back-none = Unter diesen Wörtern wird nichts derselben Art verkauft.
give-back-count = Wie viele der neuen?
give-back-reckon = Berechnen
give-back-comes = Was zurückkommt
give-back-worth = Was die alte wert ist
give-back-cheaper = Für eine wurden { $paid } bezahlt; heute kostet sie { $now }, und der niedrigere Preis zählt.
give-back-fee = { $percent } von { $worth } werden einbehalten: { $fee }
give-back-holds = Das gilt bis
give-back-policy-all = Regel in Kraft seit { $from }: { $days ->
    [one] am ersten Tag alles
   *[other] in den ersten { $days } Tagen alles
}, danach das nicht Genutzte abzüglich { $percent }.
give-back-policy-part = Regel in Kraft seit { $from }: das nicht Genutzte; nach { $days ->
    [one] { $days } Tag
   *[other] { $days } Tagen
} werden { $percent } davon einbehalten.
give-back-cap = In den letzten { $months } Monaten kamen { $given } an diesen Kunden zurück. Danach bleiben { $left } von { $most }.
give-back-new = Wogegen getauscht wird
give-back-pay = Was darüber hinaus berechnet wird
give-back-important = Die Reservierung endet sofort: Was darunter läuft, kostet ab dieser Stunde den üblichen Preis. Das lässt sich nicht rückgängig machen.
give-back-important-exchange = Die alte Reservierung endet sofort; die neue beginnt, sobald sie bereitgestellt ist. Das lässt sich nicht rückgängig machen.
give-back-agree = Ich habe das gelesen, und der Kunde weiß es.
give-back-do = Zurückgeben
give-back-do-exchange = Tauschen
give-back-tick-first = Haken Sie an, dass Sie gelesen haben, was endet, und versuchen Sie es noch einmal.
give-back-look-first = Sehen Sie sich zuerst an, was zurückkommt, und versuchen Sie es noch einmal.
reservation-kind-unknown = unbekannte Art
reservation-kind-virtualmachines = virtuelle Computer
reservation-kind-sqldatabases = SQL-Datenbank
reservation-kind-manageddisk = verwaltete Datenträger
reservation-kind-dedicatedhost = dedizierte Hosts
reservation-kind-synapseprepurchase = Synapse, im Voraus bezahlt
reservation-kind-vmwarecloudsimple = VMware von CloudSimple
reservation-kind-azuredataexplorer = Azure-Daten-Explorer
reservation-kind-blockblob = Blob-Speicher
azure-portal = Im Azure-Portal verwalten
azure-portal-new = (öffnet in einem neuen Tab)
