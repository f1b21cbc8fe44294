package phrase

// persian writes the zero-width non-joiner of its spelling as an escape, for it cannot be seen.
func persian() Catalogue {
	return unreviewed("fa", map[string]string{
		"hold.stop":              "ایست: توقف کنید و تماس بگیرید.",
		"hold.ours-there":        "ایست: افراد ما آنجا هستند. توقف کنید و تماس بگیرید.",
		"hold.wrong-place":       "ایست: محل آن نیست که نام بردید. توقف کنید و تماس بگیرید.",
		"hold.site":              "ایست: آنجا یک مکان تحت حفاظت است. توقف کنید و تماس بگیرید.",
		"ask.area":               "منطقه و مختصات را بگویید.",
		"ask.times":              "زمان آغاز و پایان را بگویید، به وقت UTC.",
		"ask.altitudes":          "ارتفاع را با واحد و مبنای اندازه\u200cگیری آن بگویید.",
		"ask.read-back":          "محل و زمان را از روی نقشهٔ خود بازخوانی کنید.",
		"ask.unit-told":          "به یگان خبر داده شده؟ تأیید کرده؟",
		"ask.third-parties":      "به چه کس دیگری خبر داده شده؟",
		"concern.too-near":       "یکی از موارد شما نزدیک\u200cتر از حد توافق است.",
		"concern.place":          "مختصات با محل نام\u200cبرده مطابق نیست.",
		"concern.late":           "اعلان دیر رسیده. ممکن است یگان\u200cهای ما به\u200cموقع از آن باخبر نشوند.",
		"concern.no-contact":     "با یگان خود تماس نداریم.",
		"distress.aircraft":      "یک هواگرد ناپدید شده است.",
		"distress.people":        "جان افراد در خطر است. کمک لازم است.",
		"distress.search":        "می\u200cتوانیم در جستجو کمک کنیم.",
		"answer.wait":            "صبر کنید. از یگان خود می\u200cپرسیم.",
		"answer.told":            "به یگان ما خبر داده شده و تأیید می\u200cکند.",
		"answer.ours":            "از ماست.",
		"answer.not-ours":        "از ما نیست.",
		"answer.corrected":       "اعلان اصلاح\u200cشده را فرستادیم.",
		"holding.yes":            "توقف کردیم. تا شما لغو نکنید ادامه نمی\u200cدهیم.",
		"cannot-hold.no-contact": "نمی\u200cتوانیم توقف کنیم: با یگان خود تماس نداریم.",
		"cannot-hold.too-late":   "نمی\u200cتوانیم توقف کنیم: دیگر نمی\u200cشود جلوی آن را گرفت.",
		"continuing.lives":       "ادامه می\u200cدهیم: جان انسان\u200cها به آن بسته است.",
		"continuing.elsewhere":   "ادامه می\u200cدهیم: آنجا که نام بردید جای ما نیست.",
		"hold.stands":            "فرمان ایست برقرار است، با زمان بازبینی تازه.",
		"end.lifted":             "فرمان ایست لغو شد.",
		"end.over":               "موضوع تمام شد. متشکریم.",
		"end.found":              "افراد پیدا شدند.",
	})
}
