package jp

import (
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// countryNames are the names of countries as the sheets write them, the longer
// before the shorter that it begins with.
const countryNames = "HK 中華人民共和国香港 HK 香港 MO 中華人民共和国マカオ CN 中華人民共和国 CN 中国 KP 北朝鮮 RU ロシア " +
	"SK スロバキア GB イギリス IR イラン MM ミャンマー VN ベトナム CU キューバ LY リビア AE アラブ首長国連邦 AZ アゼルバイジャン " +
	"BY ベラルーシ SG シンガポール CH スイス SY シリア NA ナミビア TW 台湾 PA パナマ MY マレーシア JP 日本 US アメリカ KR 韓国 DE ドイツ ID インドネシア IN インド"

// countryIn returns the country that a Japanese text begins with or a Latin
// one ends with, "" when neither names one.
func countryIn(s string) domain.Country {
	s = strings.TrimLeft(strings.TrimSpace(s), "0123456789０１２３４５６７８９")
	fields := strings.Fields(countryNames)
	for i := 0; i+1 < len(fields); i += 2 {
		if strings.HasPrefix(s, fields[i+1]) {
			return domain.Country(fields[i])
		}
	}
	last := s[strings.LastIndexAny(s, ",、")+1:]
	for _, r := range []string{"、", " "} {
		last = strings.TrimPrefix(last, r)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if strings.TrimSpace(last) == fields[i+1] {
			return domain.Country(fields[i])
		}
	}
	c, _ := domain.CountryByName(last)
	return c
}
