package domain

import (
	"fmt"
	"slices"
	"strings"
)

// Money is an exact decimal amount in one ISO 4217 currency. Amounts of
// different currencies are never added.
type Money struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Quantity is an exact decimal amount of a unit, as in 500000 bbl.
type Quantity struct {
	Amount string `json:"amount"`
	Unit   string `json:"unit"`
}

const units = "bbl t kg g l m3 units containers rounds persons"

const currencies = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG XTS "

func (m Money) check(field string) *Refusal {
	if len(m.Currency) != 3 || !strings.Contains(currencies, " "+m.Currency+" ") {
		return refuse("money.currency", field+".currency", fmt.Sprintf("%q is no ISO 4217 currency code in force: three capital letters such as EUR", m.Currency))
	}
	return checkDecimal(field+".amount", m.Amount)
}

func (q Quantity) check(field string) *Refusal {
	if !slices.Contains(strings.Fields(units), q.Unit) {
		return refuse("quantity.unit", field+".unit", fmt.Sprintf("%q is no known unit: use one of %s", q.Unit, units))
	}
	return checkDecimal(field+".amount", q.Amount)
}

// checkDecimal accepts plain positive decimals of at most 18 digits before and
// 8 after the point: no sign, exponent or leading zeros.
func checkDecimal(field, s string) *Refusal { return checkDecimalOf(field, s, 8) }

// checkDecimalOf allows that many digits after the point.
func checkDecimalOf(field, s string, places int) *Refusal {
	whole, frac, point := strings.Cut(s, ".")
	bad := !digits(whole, 18) || len(whole) > 1 && whole[0] == '0' || point && !digits(frac, places)
	if bad {
		return refuse("decimal.invalid", field, fmt.Sprintf("%q is no amount: write digits, and a point if need be, as in 1250000 or 99.50; no sign, exponent, separators or leading zeros", s))
	}
	return nil
}

func digits(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
