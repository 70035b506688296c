# Warum etwas abgelehnt wurde und wie es weitergeht.

# Ein Ort im Satz; die Liste enthält die Namen, bei denen „in“ allein nicht genügt.
refusal-in-country = { $code ->
    [AE] in den Vereinigten Arabischen Emiraten
    [AQ] in der Antarktis
    [AX] auf den Ålandinseln
    [BS] auf den Bahamas
    [BV] auf der Bouvetinsel
    [CC] auf den Kokosinseln
    [CF] in der Zentralafrikanischen Republik
    [CH] in der Schweiz
    [CK] auf den Cookinseln
    [CX] auf der Weihnachtsinsel
    [DO] in der Dominikanischen Republik
    [FK] auf den Falklandinseln
    [FO] auf den Färöern
    [GB] im Vereinigten Königreich
    [GG] auf Guernsey
    [HK] in der Sonderverwaltungsregion Hongkong
    [HM] auf Heard und McDonaldinseln
    [IM] auf der Isle of Man
    [IO] im Britischen Territorium im Indischen Ozean
    [IQ] im Irak
    [JE] auf Jersey
    [KM] auf den Komoren
    [KY] auf den Kaimaninseln
    [LB] im Libanon
    [MD] in der Republik Moldau
    [MH] auf den Marshallinseln
    [MN] in der Mongolei
    [MO] in der Sonderverwaltungsregion Macau
    [MP] auf den Nördlichen Marianen
    [MV] auf den Malediven
    [NE] im Niger
    [NF] auf der Norfolkinsel
    [NL] in den Niederlanden
    [PH] auf den Philippinen
    [PN] auf den Pitcairninseln
    [PS] in den Palästinensischen Autonomiegebieten
    [SB] auf den Salomonen
    [SC] auf den Seychellen
    [SK] in der Slowakei
    [SN] im Senegal
    [SS] im Südsudan
    [TC] auf den Turks- und Caicosinseln
    [TD] im Tschad
    [TF] in den Französischen Süd- und Antarktisgebieten
    [TR] in der Türkei
    [UA] in der Ukraine
    [UM] auf den Amerikanischen Überseeinseln
    [US] in den Vereinigten Staaten
    [VA] in der Vatikanstadt
    [VG] auf den Britischen Jungferninseln
    [VI] auf den Amerikanischen Jungferninseln
    [YE] im Jemen
   *[other] in { $country }
}

# Wer was darf
refusal-role-missing = Ihre Rollen erlauben das nicht. Ein Administrator Ihrer Firma kann Ihnen eine passende Rolle geben.
refusal-needs-person = Das darf nur eine Person tun, kein Programm. Melden Sie sich selbst an, und versuchen Sie es dann noch einmal.
refusal-second-factor-missing = Sie haben sich ohne zweiten Faktor angemeldet. Melden Sie sich mit einem zweiten Faktor neu an, und machen Sie dann weiter.
refusal-fresh-factor-needed = Ihr zweiter Faktor wurde vor mehr als { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} geprüft. Bestätigen Sie ihn noch einmal, und machen Sie dann weiter.
refusal-role-not-assignable = Sie dürfen die Rolle „{ $role }“ weder geben noch entziehen. Fragen Sie einen Administrator, der das darf.
refusal-partner-not-active = Ihre Firma kann derzeit nicht handeln. Fragen Sie den Betreiber danach.

# Der Kunde
refusal-agreement-missing = Der Kunde hat die Kundenvereinbarung noch nicht angenommen. Bestätigen Sie die Annahme zuerst, und kaufen Sie dann.
refusal-customer-under-review = Der Kunde wird gerade geprüft. Bis das abgeschlossen ist, kann nichts gekauft werden; versuchen Sie es später noch einmal.
refusal-agreement-already-confirmed = Diese Vereinbarung wurde für dieselbe Person schon bestätigt. Es ist nichts mehr zu tun.
refusal-agreed-in-future = Das Datum der Annahme liegt in der Zukunft. Geben Sie den Tag ein, an dem der Kunde angenommen hat.
refusal-domain-taken = Der Domänenname { $domain } ist vergeben. Wählen Sie einen anderen.
refusal-registration-number-missing = Kunden { refusal-in-country } brauchen eine Registrierungsnummer. Geben Sie sie ein, und speichern Sie noch einmal.
refusal-registration-number-not-taken = Kunden { refusal-in-country } werden ohne Registrierungsnummer geführt. Lassen Sie das Feld leer, und speichern Sie noch einmal.
refusal-phone-missing = Kunden { refusal-in-country } brauchen eine Telefonnummer. Geben Sie sie ein, und speichern Sie noch einmal.

# Der Katalog
refusal-product-unknown = Es gibt kein Produkt { $product }. Wählen Sie eines aus dem Katalog.
refusal-sku-unknown = Dieses Produkt gibt es nicht in der Variante { $sku }. Wählen Sie eine aus dem Katalog.
refusal-availability-unknown = Den Artikel { $item } gibt es nicht mehr. Der Katalog ändert sich mit der Zeit: Öffnen Sie ihn noch einmal, und wählen Sie neu.
refusal-market-blocked = { $family } gibt es { refusal-in-country } nicht zu kaufen. Nehmen Sie { $item } aus dem Warenkorb.
refusal-not-sold-in-country = Den Artikel { $item } gibt es { refusal-in-country } nicht zu kaufen. Nehmen Sie ihn aus dem Warenkorb, oder wählen Sie einen anderen.
refusal-region-not-granted = Ihre Firma darf { refusal-in-country } nicht verkaufen. Bitten Sie den Betreiber um diese Region.
refusal-wrong-segment = Der Artikel { $item } ist für andere Kunden bestimmt ({ $segment }). Wählen Sie einen, der zu diesem Kunden passt.
refusal-term-not-offered = Den Artikel { $item } gibt es nicht mit dieser Laufzeit und diesem Abrechnungszeitraum. Es gibt ihn so: { $offered }. Wählen Sie daraus.
refusal-quantity-out-of-range = Die Menge { $quantity } passt nicht zu { $item }: Möglich sind { $minimum } bis { $maximum }. Ändern Sie die Menge.

# Der Warenkorb
refusal-cart-empty = Der Warenkorb ist leer. Legen Sie zuerst etwas hinein.
refusal-cart-has-errors = Es wurde nichts gekauft. Diese Teile des Warenkorbs wurden aus verschiedenen Gründen abgelehnt: { $lines }. Ändern oder entfernen Sie deren Positionen, und versuchen Sie es dann noch einmal.
refusal-cart-expired = Dieser Warenkorb ist am { $expired } abgelaufen. Beginnen Sie einen neuen.
refusal-credit-exceeded = Der Kreditrahmen Ihres Unternehmens reicht nicht: Dieser Einkauf beträgt { $purchase }, und von { $limit } sind { $available } übrig. Es wurde nichts gekauft. Zahlungen schaffen Platz; Verlängerungen und Laufendes sind nicht betroffen.
refusal-cart-already-ordered = Dieser Warenkorb wurde schon bestellt und lässt sich nicht mehr ändern. Sehen Sie bei den Bestellungen nach, oder beginnen Sie einen neuen Warenkorb.

# Die Bestellung
refusal-line-unknown = In dieser Bestellung gibt es keine Position { $number }. { $count ->
    [one] Sie hat eine Position.
   *[other] Sie hat { $count } Positionen.
} Öffnen Sie die Bestellung noch einmal, und wählen Sie daraus.
refusal-line-mismatch = Position { $number } dieser Bestellung ist { $item } und nicht das, was gewählt wurde. Öffnen Sie die Bestellung noch einmal, und wählen Sie neu.
refusal-order-in-progress = Die Bestellung wird noch ausgeführt. Warten Sie einen Moment, sehen Sie sich die Bestellung an, und versuchen Sie es dann noch einmal.
refusal-already-cancelled = Das ist schon storniert. Es ist nichts mehr zu tun.
refusal-credit-lapsed = Die Gutschrift beträgt inzwischen { $now }: { $promised } waren bis { $until } zugesagt, und seitdem wurden Tage verbraucht. Es wurde nichts storniert.
refusal-credit-changed = Die Gutschrift beträgt inzwischen { $now } und nicht die zugesagten { $promised }: Die Bestellung oder die Regeln haben sich seitdem geändert. Es wurde nichts storniert.
refusal-not-cancellable = { $family }: Eine Stornierung ist nicht möglich. Stornieren lassen sich nur { family-subscription } und { family-perpetual }.
refusal-window-days = { $count }-tägige
refusal-window-hours = { $count }-stündige
refusal-window-closed = Die { $window } Stornierungsfrist ist vorbei; sie endete am { $closed }. Dieser Kauf kann nicht mehr storniert werden.

# Das Abonnement
refusal-quantity-fixed = Die Menge eines Softwareabonnements lässt sich nicht ändern. Kaufen Sie ein weiteres, oder stornieren Sie dieses innerhalb der Frist und kaufen Sie neu.
refusal-subscription-ended = Das Abonnement ist zu Ende und lässt sich nicht mehr ändern. Kaufen Sie das Produkt neu, um es weiter zu nutzen.
refusal-status-change = Das Abonnement kann nicht von „{ $from }“ zu „{ $to }“ wechseln. Laden Sie die Seite neu, um den jetzigen Stand zu sehen.
refusal-billing-cycle-fixed = Der Abrechnungszeitraum wird beim Kauf und bei der Verlängerung festgelegt. Dazwischen lässt er sich nicht ändern.
refusal-reseller-fixed = Der eingetragene Wiederverkäufer wird beim Kauf festgelegt. Danach lässt er sich nicht ändern.
refusal-stale-etag = Jemand hat das geändert, nachdem Sie die Seite geöffnet haben. Laden Sie die Seite neu, und machen Sie Ihre Änderung noch einmal.

# Product Keys und Downloads
refusal-key-revoked = Der Product Key wurde mit dem Kauf widerrufen und kann nicht angezeigt werden.
refusal-no-such-medium = Diese Kombination aus Version, Sprache, Bitanzahl und Dateityp gibt es nicht. Es gibt: { $offered }. Wählen Sie daraus.
refusal-no-such-medium-none = Für dieses Produkt gibt es noch nichts herunterzuladen. Versuchen Sie es später noch einmal.
refusal-no-such-medium-more = und { $count } weitere
refusal-version-not-covered = Der Kauf umfasst diese Version nicht. Er umfasst: { $covered }. Wählen Sie daraus.
refusal-version-not-covered-none = Der Kauf umfasst noch keine Version mit Product Keys oder Downloads. Versuchen Sie es später noch einmal.
refusal-no-key-in-stock = Von Version { $version } ist kein Product Key vorrätig. Der Betreiber weiß Bescheid; versuchen Sie es später noch einmal.
refusal-nothing-bought = Es gibt nichts zu öffnen oder herunterzuladen: Es wurde nicht gekauft, wurde storniert oder ist noch nicht bereitgestellt. Was davon zutrifft, sehen Sie an der Bestellung.
refusal-term-over = Die Laufzeit endete am { $ended }, und mit ihr enden Product Keys und Downloads. Kaufen Sie das Produkt neu, um es weiter zu nutzen.
refusal-reason-missing = Der Betreiber verlangt einen Grund, wenn ein Product Key geöffnet wird. Geben Sie einen Grund an, und versuchen Sie es dann noch einmal.
refusal-second-person-needed = Eine zweite Person muss zustimmen, bevor dieser Product Key geöffnet wird. Jemand anderes mit der Rolle „{ $role }“ stimmt unter „{ way-approvals }“ zu; öffnen Sie den Product Key dann noch einmal.
refusal-own-question = Wer gefragt hat, kann nicht selbst zustimmen. Das muss jemand anderes mit der Rolle „{ $role }“ tun.
refusal-question-closed = Das wurde schon beantwortet, oder die Zeit dafür ist vorbei. Fragen Sie noch einmal.
refusal-azure-unknown = Der Kunde hat kein Azure-Abonnement { $id }. Fügen Sie es unter „Reservierungen“ hinzu, oder lassen Sie es weg.
refusal-azure-suspended = Das Azure-Abonnement { $id } ist angehalten. Wählen Sie ein anderes.
refusal-azure-not-registered = Das Azure-Abonnement { $id } ist nicht für Reservierungen registriert. Registrieren Sie es unter „Reservierungen“.
refusal-never-given-back = Reservierungen dieser Art ({ $kind }) lassen sich weder zurückgeben noch tauschen.
refusal-refund-cap-passed = Es kämen { $worth } zurück; für diesen Kunden sind von { $most } in { $months } Monaten aber nur noch { $left } übrig. Geben Sie weniger zurück, tauschen Sie, oder fragen Sie uns.
refusal-refund-cap-unknown = Wir haben noch nicht festgelegt, wie viel in { $currency } zurückkommen darf. Bitte fragen Sie uns.
refusal-exchange-other-type = Eine Reservierung wird nur gegen eine derselben Art getauscht: Diese ist für { $from }, die andere für { $to }.
refusal-exchange-too-small = Die neue Reservierung kostet { $commitment }. Sie muss mindestens so viel kosten, wie die alte wert ist: { $worth }.
refusal-commitment-changed = Die neue Reservierung kostet inzwischen { $now } und nicht die angezeigten { $shown }. Es wurde nichts getauscht.
refusal-webhook-registered = Das Programm ist schon registriert. Ändern Sie die vorhandene Registrierung.
refusal-tests-not-registered = Das Ereignis test-created ist nicht registriert. Kreuzen Sie es an und speichern Sie, dann senden Sie einen Test.
refusal-tests-too-often = Mehr als { $count } Tests je Minute sind nicht möglich. Warten Sie eine Minute.
refusal-link-over = Der Downloadlink gilt nicht mehr. Erstellen Sie einen neuen.
refusal-not-never-opened = Es lässt sich nicht bescheinigen, dass nie ein Product Key geöffnet wurde: { $why }.
refusal-not-never-opened-live = Die Position wurde nicht storniert
refusal-not-never-opened-no-keys = Zu dem, was gekauft wurde, gehören keine Product Keys
refusal-not-never-opened-opened = Ein Product Key dieser Position wurde geöffnet
refusal-not-never-opened-logged = Laut Protokoll wurde ein Product Key dieser Position geöffnet
refusal-not-never-opened-other = Die Voraussetzungen dafür sind nicht erfüllt

# Was sich nicht berechnen lässt
refusal-money-overflow = Der Betrag ist zu groß. Wählen Sie eine kleinere Menge.
refusal-money-mixed-currencies = Beträge in { $first } und { $second } lassen sich nicht addieren. Kaufen Sie einzeln.
refusal-calendar-no-end = Ein einmaliger Kauf hat kein Ende. Wählen Sie eine andere Laufzeit.
refusal-calendar-out-of-range = Das Datum liegt nach dem Jahr 9999. Wählen Sie ein früheres.
refusal-calendar-unknown-term = Diese Laufzeit gibt es nicht. Wählen Sie eine der angebotenen.
refusal-calendar-unknown-cycle = Diesen Abrechnungszeitraum gibt es nicht. Wählen Sie einen der angebotenen.

# Anfragen an den Betreiber
refusal-needs-request = Das Portal kann darüber nicht selbst entscheiden; stellen Sie dem Betreiber eine Supportanfrage.
refusal-needs-request-credited-before = Ein Teil dieser Bestellung wurde bereits im Ausnahmefall gutgeschrieben.
refusal-needs-request-refund-open = Eine Anfrage zur Erstattung dieser Bestellung ist offen.
refusal-needs-request-type-unknown = Wir haben noch nicht festgelegt, von welcher Art diese Reservierung ist.
refusal-needs-request-tax-differs = Die neue Reservierung wird anders besteuert, als es diese wurde.
refusal-request-closed = Die Anfrage ist geschlossen. Öffnen Sie sie zuerst wieder, oder stellen Sie eine neue.
refusal-reopen-over = { $days ->
    [one] Die Anfrage wurde vor mehr als { $days } Tag geschlossen und kann nicht wieder geöffnet werden. Stellen Sie eine neue.
   *[other] Die Anfrage wurde vor mehr als { $days } Tagen geschlossen und kann nicht wieder geöffnet werden. Stellen Sie eine neue.
}
refusal-credit-too-much = Für diese Position können höchstens { $left } gutgeschrieben werden: was berechnet und noch nicht gutgeschrieben wurde.
refusal-payment-late = Rechnung { $number } war am { $due } fällig und { $open } davon sind offen. Bis sie bezahlt ist, kann nichts gekauft werden; was läuft, läuft weiter.
