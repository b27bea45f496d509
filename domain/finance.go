package domain

import (
	"fmt"
	"strconv"
)

var financeKinds = []kind{
	define[TransactionRejected]("transaction.rejected", 1).from(3),
	define[AccountClosed]("account.closed", 1).from(3),
	define[CyberTheftReported]("cyber_theft.reported", 1).from(3),
	define[CyberTheftRecovered]("cyber_theft.recovered", 1).from(3),
	define[WalletAttributed]("wallet.attributed", 1).from(3),
}

// TransactionRejected says that an institution did not carry out a payment. It
// gave it back: what it kept is frozen (asset.frozen).
type TransactionRejected struct {
	Act
	Institution  string       `json:"institution"`
	Amount       *Money       `json:"amount,omitempty"`
	Asset        *AssetAmount `json:"asset,omitempty"`
	Originator   *Subject     `json:"originator,omitempty"`
	Counterparty *Subject     `json:"counterparty,omitempty"`
	Reason       string       `json:"reason"`
}

func (b TransactionRejected) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b TransactionRejected) check(s *State, f Fact) *Refusal {
	r := first(b.checkAct(s, f), required("institution", b.Institution), required("reason", b.Reason), checkMoney("amount", b.Amount),
		checkSubject("originator", b.Originator), checkSubject("counterparty", b.Counterparty))
	if r == nil && b.Asset != nil {
		r = b.Asset.check("asset")
	}
	return r
}

// AccountClosed says that an institution ended its dealings with somebody.
type AccountClosed struct {
	Act
	Institution string   `json:"institution"`
	Kind        string   `json:"kind"`
	Holder      *Subject `json:"holder,omitempty"`
	AccountHash *Hash    `json:"account_hash,omitempty"`
	Balance     *Money   `json:"balance,omitempty"` // paid out or moved; what is kept is frozen
	Reason      string   `json:"reason"`
	Order       *Order   `json:"order,omitempty"`
}

func (b AccountClosed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b AccountClosed) check(s *State, f Fact) *Refusal {
	return first(b.checkAct(s, f), required("institution", b.Institution), oneOf("kind", b.Kind, "customer", "correspondent", "mission", "diplomat", "wallet", "other"),
		checkSubject("holder", b.Holder), checkMoney("balance", b.Balance), required("reason", b.Reason), b.Order.check(s, b.OccurredOn))
}

func (b AccountClosed) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	b.Order.assume(s)
}

// CyberTheftReported says what was stolen over networks, from whom and, as far
// as known, by whom. The same loss may stand as assets and as what they were
// worth in a currency: the two are never added.
type CyberTheftReported struct {
	Matter
	Victim   Subject       `json:"victim"`
	Actor    *Subject      `json:"actor,omitempty"`
	ActorID  string        `json:"actor_id,omitempty"` // of a designation or registered subject
	Method   string        `json:"method,omitempty"`
	Amounts  []Money       `json:"amounts,omitempty"`
	Assets   []AssetAmount `json:"assets,omitempty"`
	TxHashes []string      `json:"tx_hashes,omitempty"`
	Wallets  []Wallet      `json:"wallets,omitempty"`
}

func (b CyberTheftReported) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b CyberTheftReported) check(s *State, _ Fact) *Refusal {
	r := first(b.checkReport(s), b.Victim.check("victim"), checkSubject("actor", b.Actor), checkAmounts(b.Amounts, b.Assets),
		oneOf("method", b.Method, "", "intrusion", "social_engineering", "supply_chain", "malware", "insider", "fraud", "other"))
	if r == nil && b.ActorID != "" {
		r = knownSubject(s, "actor_id", b.ActorID)
	}
	for i, h := range b.TxHashes {
		r = first(r, required(fmt.Sprintf("tx_hashes[%d]", i), h))
	}
	return first(r, checkWallets(b.Wallets))
}

func checkWallets(list []Wallet) *Refusal {
	for i, w := range list {
		if r := w.check(fmt.Sprintf("wallets[%d]", i)); r != nil {
			return r
		}
	}
	return nil
}

func (b CyberTheftReported) assume(s *State, f Fact) {
	b.Matter.assume(s, f)
	s.assumeSubjects(f, b.ActorID)
}

// CyberTheftRecovered says that some of a recorded theft was taken back.
type CyberTheftRecovered struct {
	Act
	Theft      Ref           `json:"theft"`
	Amounts    []Money       `json:"amounts,omitempty"`
	Assets     []AssetAmount `json:"assets,omitempty"`
	How        string        `json:"how"`
	ReturnedTo *Subject      `json:"returned_to,omitempty"`
	TxHashes   []string      `json:"tx_hashes,omitempty"`
}

// Key is the index of the theft.
func (b CyberTheftRecovered) Key() string { return strconv.FormatUint(b.Theft.Index, 10) }

func (b CyberTheftRecovered) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b CyberTheftRecovered) check(s *State, f Fact) *Refusal {
	return first(b.checkAct(s, f), checkTarget(s, "theft", &b.Theft, "cyber_theft.reported"), checkAmounts(b.Amounts, b.Assets),
		oneOf("how", b.How, "seized", "frozen", "returned", "forfeited", "other"), checkSubject("returned_to", b.ReturnedTo))
}

func (b CyberTheftRecovered) assume(s *State, f Fact) {
	b.Act.assume(s, f)
	s.assumeTarget(&b.Theft, "cyber_theft.reported")
}

// WalletAttributed says whose wallet an address is.
type WalletAttributed struct {
	Matter
	Wallet
	Subject string   `json:"subject"` // id of a designation or registered subject
	Reasons []string `json:"reasons"`
}

// Key is the chain and the address.
func (b WalletAttributed) Key() string { return b.Chain + "|" + b.Address }

func (b WalletAttributed) admit(s *State, f Fact) *Refusal { return b.check(s, f) }

func (b WalletAttributed) check(s *State, _ Fact) *Refusal {
	if len(b.Reasons) == 0 {
		return required("reasons", "")
	}
	return first(b.checkReport(s), b.Wallet.check(""), knownSubject(s, "subject", b.Subject))
}

func (b WalletAttributed) assume(s *State, f Fact) {
	b.Matter.assume(s, f)
	s.assumeSubjects(f, b.Subject)
}
