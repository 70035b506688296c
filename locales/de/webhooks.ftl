# Webhooks: wo das Programm eines Partners etwas erfährt, und wie seine Aufrufe ausgingen.

webhook-title = Webhooks
webhook-lead = Ein Programm von Ihnen erfährt durch einen Aufruf, wenn mit Ihren Verkäufen etwas geschieht, und muss nicht danach fragen.
webhook-registration = Ihr Programm
webhook-url = Adresse
webhook-url-hint = Eine Adresse im Internet, die mit https:// beginnt. Aufrufe werden mit POST dorthin gesendet.
webhook-events = Was es erfährt
webhook-event-test-created = Ein Test, den Sie anfordern.
webhook-event-subscription-updated = Ein Abonnement wurde umbenannt, verlängert oder storniert, oder seine Verlängerung wurde umgestellt oder aufgegeben.
webhook-event-invoice-ready = Eine Rechnung oder eine Gutschrift wurde ausgestellt.
webhook-event-order-completed = Eine Bestellung wurde bereitgestellt: Product Keys und Abonnements sind da.
webhook-event-order-cancelled = Eine Bestellung wurde storniert, ganz oder in einzelnen Positionen.
webhook-own-header = Signatur im Header x-ms-signature
webhook-own-header-hint = Sonst steht sie im Header Authorization. Kreuzen Sie dies an, wenn etwas auf dem Weg diesen Header für sich braucht.
webhook-remove = Diese Registrierung entfernen
webhook-remove-text = Ihr Programm erfährt nichts mehr, und was noch wartet, wird nicht gesendet. Frühere Aufrufe bleiben noch eine Weile aufgeführt.
webhook-remove-do = Entfernen
webhook-calls = Aufrufe
webhook-calls-hint = Ein Aufruf gilt als angenommen, wenn Ihr Programm binnen 30 Sekunden mit einem Status von 200 bis 299 antwortet. Sonst wird er wiederholt, insgesamt bis zu zehn Versuche in gut einem Tag.
webhook-test = Test senden
webhook-all = Alle Aufrufe anzeigen
webhook-only-failed = Nur aufgegebene anzeigen
webhook-none = Keine Aufrufe.
webhook-older = Ältere Aufrufe
webhook-next = Nächster Versuch:
webhook-again = Noch einmal senden
webhook-attempts = { $count ->
    [one] { $count } Versuch
   *[other] { $count } Versuche
}
webhook-answered = Antwort { $status }
webhook-unanswered = keine Antwort: { $why }
webhook-state-waiting = Wartet
webhook-state-delivered = Angenommen
webhook-state-failed = Aufgegeben
webhook-done-saved = Gespeichert.
webhook-done-removed = Entfernt.
webhook-done-tested = Der Test ist unterwegs. Er ist unten aufgeführt.
webhook-done-again = Der Aufruf wird noch einmal gesendet.
