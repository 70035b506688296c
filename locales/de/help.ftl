# Pages that explain.
help-more = Weiterlesen
help-keys = So gehen Sie sicher mit Schlüsseln und Downloads um
help-keys-1 = Wer einen Product Key kennt, kann seine Aktivierungen aufbrauchen. Öffnen Sie ihn nur, wenn er gebraucht wird, kopieren Sie ihn, und senden Sie ihn dem Kunden auf einem Weg, auf dem sonst niemand mitliest. Nach einer Minute wird er von selbst ausgeblendet; dass er geöffnet wurde, steht mit Ihrem Namen im Aktivitätsprotokoll.
help-keys-2 = Ein Downloadlink funktioniert ohne Anmeldung, für jeden, der ihn hat. Er endet nach 14 Tagen oder 50 Downloads, je nachdem, was zuerst eintritt, sofern Ihr Betreiber keine anderen Grenzen festgelegt hat; die Seite zeigt immer, was noch übrig ist.
help-keys-3 = Ist ein Link aufgebraucht, wählen Sie noch einmal „Schlüssel und Downloads abrufen“: Sie erhalten einen neuen, der ebenso lange gilt, so oft wie nötig.
help-keys-4 = Prüfen Sie, was heruntergeladen wurde, mit dem Manifest daneben: Es enthält den SHA-256-Wert der Datei und eine Signatur des Betreibers.
help-keys-5 = Der Globale Administrator des Kunden findet dieselben Schlüssel und Downloads im Portal unter „Abrechnung“, „Ihre Produkte“, „Software“. Partner nutzen diesen Zugang nicht.
help-cancelling = So funktionieren Stornierung und Gutschrift
help-cancelling-1 = Software lässt sich innerhalb ihrer Stornofrist stornieren; die Frist zählt ab dem Tag der Bestellung in UTC. Der Dialog zeigt die verbleibende Zeit und die Gutschrift, bevor etwas abgesendet wird.
help-cancelling-2 = Unbefristete Software wird vollständig gutgeschrieben. Bei einem Abonnement werden die nicht genutzten Tage gutgeschrieben, der Tag der Stornierung eingeschlossen: Der Einzelpreis wird durch die Tage der Laufzeit geteilt, mit den verbleibenden Tagen multipliziert, nach der zweiten Nachkommastelle abgeschnitten und mit der Menge multipliziert.
help-cancelling-3 = Die Gutschrift erscheint auf der nächsten Monatsrechnung. Schlüssel und Links gelten sofort nicht mehr; Sie und der Kunde deinstallieren die Software und löschen Downloads und Links. Wo die Regeln nicht entscheiden können, stellen Sie eine Supportanfrage für den Kunden.
help-linux = SUSE- und Red-Hat-Pläne
help-linux-1 = SUSE-Linux- und Red-Hat-Pläne decken die Software auf virtuellen Maschinen für ein Jahr oder drei Jahre ab und werden im Voraus bezahlt. Ein SUSE-Plan deckt Maschinen seiner Größe nach einem Verhältniswert ab, ein Red-Hat-Plan nur seinen eigenen vCPU-Bereich.
help-linux-2 = Sie können nie storniert, umgetauscht oder erstattet werden, und nicht genutzte Zeit verfällt. Wählen Sie Laufzeit und Größe mit Bedacht.
