//! Price sheets and key files.

use chandlery::app::import_prices::{ImportError, Imported};

use crate::world::{HEADER, RMS, row, standard_keys, standard_prices};

fn excel(starts: &str, ends: &str, price: &str) -> String {
    row(("Excel LTSC", "DG7GMGF0D7FT", ""), ("1", "Excel"), "", "Software;Perpetual", ("DE", "EUR"), price)
        .replace("2019-01-01T00:00:00Z", starts)
        .replace("9999-11-30T23:59:59Z", ends)
}

fn sheet(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

on_both! {
    async fn the_same_file_twice_changes_nothing(world) {
        let again = world.import_prices(&standard_prices()).await.unwrap();
        assert_eq!(again, Imported { rows: 36, changed: 0 });
        assert_eq!(world.import_keys(&standard_keys(0..40)).await.unwrap(), 0);
    }

    async fn overlapping_dates_are_refused_and_nothing_is_imported(world) {
        let (old, new) = ("2019-01-01T00:00:00Z", "2020-03-01T00:00:00Z");
        let open = excel(old, "9999-11-30T23:59:59Z", "100.00");
        world.import_prices(&sheet(std::slice::from_ref(&open))).await.unwrap();
        let later = excel(new, "9999-11-30T23:59:59Z", "110.00");
        let fresh = row(("Access", "DG7GMGF0D7FV", ""), ("1", "Access"), "", "Software;Perpetual", ("DE", "EUR"), "5");
        match world.import_prices(&sheet(&[fresh, later.clone()])).await {
            Err(ImportError::Overlaps(told)) => assert!(told[0].to_string().contains("DE EUR OneTime"), "{}", told[0]),
            other => panic!("{other:?}"),
        }
        world.call("GET", "/v1/products/DG7GMGF0D7FV?country=DE", None).await.refused(404, 400_013);
        // A file that closes the old row and opens the new one is right.
        let closed = excel(old, "2020-02-29T23:59:59Z", "100.00");
        let done = world.import_prices(&sheet(&[later, closed])).await.unwrap();
        assert_eq!(done.changed, 2);
    }

    async fn tiers_must_not_overlap_and_a_row_stands_once(world) {
        let tier = |from: &str, to: &str, price: &str| {
            excel("2019-01-01T00:00:00Z", "9999-11-30T23:59:59Z", price).replace(&format!(",{price},,,"), &format!(",{price},{from},{to},"))
        };
        let overlapping = sheet(&[tier("1", "100", "5.00"), tier("50", "200", "3.00")]);
        assert!(matches!(world.import_prices(&overlapping).await, Err(ImportError::Overlaps(_))));
        let twice = sheet(&[tier("1", "100", "5.00"), tier("1", "100", "6.00")]);
        let survey = chandlery::app::import_prices::survey(twice.as_bytes(), &|_| {}).unwrap();
        assert!(survey.bad[0].to_string().starts_with("line 3, row: is the same item"), "{}", survey.bad[0]);
        // Later tiers widen what may be bought.
        world.import_prices(&sheet(&[tier("1", "200", "5.00")])).await.unwrap();
        world.import_prices(&sheet(&[tier("201", "5000", "3.00")])).await.unwrap();
        let skus = world.get("/v1/products/DG7GMGF0D7FT/skus?country=DE").await;
        assert_eq!([&skus["items"][0]["minimumQuantity"], &skus["items"][0]["maximumQuantity"]], [1, 5000]);
        let changed = sheet(&[tier("1", "200", "5.00").replace("Perpetual", "Subscription").replace("Excel,Microsoft,text,,,", "Excel,Microsoft,text,,P1Y,")]);
        let told = world.import_prices(&changed).await.unwrap_err().to_string();
        assert!(told.contains("is perpetual in the catalogue"), "{told}");
    }

    async fn a_key_stands_in_stock_for_one_product_only(world) {
        let file = |product: &str| format!("ProductId,Key\r\n{product},AAA1BBB2CCC3DDD4EEE5FAKE00000077\r\n");
        assert_eq!(world.import_keys(&file(RMS.1)).await.unwrap(), 1);
        let told = world.import_keys(&file(crate::world::SQL.1)).await.unwrap_err().to_string();
        assert!(told.contains("line 2, Key: is in stock for another product, DG7GMGF0D5SL"), "{told}");
    }

    async fn a_corrected_price_replaces_the_wrong_one(world) {
        let (from, to) = ("2019-01-01T00:00:00Z", "9999-11-30T23:59:59Z");
        world.import_prices(&sheet(&[excel(from, to, "100.00")])).await.unwrap();
        let done = world.import_prices(&sheet(&[excel(from, to, "90.00")])).await.unwrap();
        assert_eq!(done, Imported { rows: 1, changed: 1 });
    }

    async fn bad_keys_are_named_by_line_without_their_text(world) {
        let before = standard_keys(0..40).lines().count();
        assert_eq!(before, 81);
        let file = |rows: &str| format!("ProductId,Version,Key,Activations\n{rows}\n");
        for (rows, told) in [
            (format!("{},1,AAA1-SHORT,", RMS.1), "line 2, Key: expected a key like AAA1-BBB2"),
            (format!("{},1,AAA1BBB2CCC3DDD4EEE5FAKE00000001,x", RMS.1), "line 2, Activations:"),
            ("DG7GMGF0ZZZZ,1,AAA1BBB2CCC3DDD4EEE5FAKE00000001,".to_owned(), "line 2, ProductId: DG7GMGF0ZZZZ is not in the catalogue"),
            (format!("{p},1,AAA1BBB2CCC3DDD4EEE5FAKE00000001,\n{p},1,AAA1-BBB2-CCC3-DDD4-EEE5-FAKE-0000-0001,", p = RMS.1), "line 3, Key: is the same as in line 2"),
        ] {
            let error = world.import_keys(&file(&rows)).await.unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
            assert!(!error.contains("SHORT") && !error.contains("0000000"), "{error}");
        }
        // Nothing of the files above was kept: the same key is new.
        assert_eq!(world.import_keys(&file(&format!("{},1,AAA1BBB2CCC3DDD4EEE5FAKE00000001,", RMS.1))).await.unwrap(), 1);
        // A key that was sold is never taken into stock again.
        world.import_keys(&file("DG7GMGF0D5SL,9999,AAA1BBB2CCC3DDD4EEE5FAKE00000009,")).await.unwrap();
        world.buy(&[world.line(RMS.1, "7", 1).await]).await;
        let error = world.import_keys(&file("DG7GMGF0D5SL,9999,AAA1BBB2CCC3DDD4EEE5FAKE00000009,")).await.unwrap_err();
        assert!(error.to_string().contains("was handed to a customer before"), "{error}");
    }
}
