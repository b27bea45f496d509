package names

import "strings"

// looseTables make one the letters that the romanisations of a language
// differ in: Korean, then Arabic.
var looseTables = [2]*strings.Replacer{
	strings.NewReplacer(
		"CH", "J", "OO", "U", "WOO", "U", "EU", "U", "EO", "O", "AE", "E", "OE", "E",
		"K", "G", "P", "B", "T", "D", "R", "L",
	),
	strings.NewReplacer(
		"OU", "U", "OO", "U", "EE", "I", "AI", "I", "EI", "I", "AY", "I", "EY", "I", "AW", "U", "AU", "U",
		"DJ", "J", "DZ", "Z", "DH", "D", "TH", "T", "KH", "H", "GH", "G", "CH", "SH", "TS", "S",
		"O", "U", "E", "I", "Y", "I", "Q", "K", "C", "K", "P", "B", "W", "U", "V", "F",
	),
}

// loosen applies a table and drops the second of two equal letters.
func loosen(w string, table *strings.Replacer) string {
	out := table.Replace(w)
	if table == looseTables[0] {
		return out
	}
	return undouble(out)
}

func undouble(w string) string {
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, w)
}

// bones are the consonants of a word, as far as Arabic writes them: long and
// short vowels, the ta marbuta and the article are left out.
func bones(w string) string {
	if w == "AL" || w == "EL" {
		return ""
	}
	w = strings.TrimSuffix(loosen(w, looseTables[1]), "H")
	return undouble(strings.Map(func(r rune) rune {
		if strings.ContainsRune("AEIOUYW", r) {
			return -1
		}
		return r
	}, w))
}

// romanise writes Cyrillic, Greek and Arabic letters in Latin ones; all others
// stand.
func romanise(w string) string {
	if scriptsOf(w)&(cyrillic|greek|arabic) == 0 {
		return w
	}
	w = strings.TrimPrefix(w, "ال") // the article, which lists write AL-, EL- or not at all
	var out strings.Builder
	for _, r := range w {
		if latin, ok := toLatin[r]; ok {
			out.WriteString(latin)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// toLatin follows passport practice for Cyrillic (ICAO 9303) and ELOT 743 for
// Greek, less their accents. Arabic letters stand for the consonant; hamza and
// ayn are not written, alef and ya as in the names that lists carry.
var toLatin = readTable(`
А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH Ъ - Ы Y Ь - Э E Ю IU Я IA
І I Ї I Є IE Ґ G Ў U Ј J Љ LJ Њ NJ Ћ C Ђ DJ Џ DZ Ќ K Ѓ G Ѕ DZ Қ K Ғ G Ү U Ұ U Ә A Ң N Ө O Һ H
Α A Β V Γ G Δ D Ε E Ζ Z Η I Θ TH Ι I Κ K Λ L Μ M Ν N Ξ X Ο O Π P Ρ R Σ S Τ T Υ Y Φ F Χ CH Ψ PS Ω O
Ά A Έ E Ή I Ί I Ό O Ύ Y Ώ O Ϊ I Ϋ Y
ا A أ A إ I آ A ب B ت T ث TH ج J ح H خ KH د D ذ DH ر R ز Z س S ش SH ص S ض D ط T ظ Z ع - غ GH ف F ق Q ك K ک K ل L م M ن N ه H ة A و W ؤ W ي Y ی Y ى A ئ Y ء - پ P چ CH ژ ZH گ G ڤ V
`)

// lookalike writes the Cyrillic and Greek capitals that look like Latin ones
// as those.
func lookalike(w string) string {
	return strings.Map(func(r rune) rune {
		if latin, ok := lookalikes[r]; ok {
			return rune(latin[0])
		}
		return r
	}, w)
}

// lookalikes are after the confusables of Unicode Technical Standard 39.
var lookalikes = readTable(`
А A В B Е E Ѕ S І I Ј J К K М M Н H О O Р P С C Т T У Y Х X Ү Y Һ H Ԁ D Ԛ Q Ԝ W Ғ F Ѵ V Ӏ I
Α A Β B Ε E Ζ Z Η H Ι I Κ K Μ M Ν N Ο O Ρ P Τ T Υ Y Χ X Ϲ C Ϳ J
`)

// readTable reads pairs divided by blanks; - stands for nothing.
func readTable(table string) map[rune]string {
	fields := strings.Fields(table)
	out := make(map[rune]string, len(fields)/2)
	for i := 0; i+1 < len(fields); i += 2 {
		out[[]rune(fields[i])[0]] = strings.Trim(fields[i+1], "-")
	}
	return out
}
