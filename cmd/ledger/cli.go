package main

import (
	"runtime/debug"

	"github.com/alecthomas/kong"
)

// cli is every command with its flags.
type cli struct {
	globals
	Version kong.VersionFlag `help:"Print the version and exit."`

	Found    foundCmd    `cmd:"" help:"Found a coalition: genesis, the founders' acceptances, keys."`
	Keys     keysCmd     `cmd:"" help:"Make keys and show them; register, rotate and revoke them."`
	Token    tokenCmd    `cmd:"" help:"Mint tokens for the ledger's API."`
	Agency   agencyCmd   `cmd:"" help:"Register, suspend and reinstate agencies."`
	Regimes  regimesCmd  `cmd:"" help:"Write drafts of the regimes that lists fall under."`
	Propose  proposeCmd  `cmd:"" help:"Put drafts before the members."`
	Endorse  endorseCmd  `cmd:"" help:"Endorse a proposal with a member's root key."`
	Enact    enactCmd    `cmd:"" help:"Post the drafts of a proposal that a quorum endorsed."`
	Void     voidCmd     `cmd:"" help:"Let the ledger go on behind records that were written past it."`
	Template templateCmd `cmd:"" help:"Print a payload to start from."`
	Sign     signCmd     `cmd:"" help:"Check a payload and sign it into an envelope."`
	Submit   submitCmd   `cmd:"" help:"Post signed envelopes and check their receipts."`
	Post     postCmd     `cmd:"" help:"Check, sign and post all rows of a CSV, JSON or NDJSON file."`
	Seal     sealCmd     `cmd:"" help:"Seal a text or file so that only some agencies can read it."`
	Open     openCmd     `cmd:"" help:"Read sealed detail that was released to the agency."`
	Release  releaseCmd  `cmd:"" help:"Release sealed detail to further agencies, or to all."`
	Erase    eraseCmd    `cmd:"" help:"Erase the ciphertexts of sealed detail."`
	Import   importCmd   `cmd:"" help:"Import a published list."`
	Link     linkCmd     `cmd:"" help:"Propose links between two lists, review them, post them."`
	View     viewCmd     `cmd:"" help:"Show a view, as in: ledger view countries/JP/compliance."`
	Report   reportCmd   `cmd:"" help:"What changed between two points, by member: ledger report --from 2026-07-01 --to 2026-09-30 -o q3.html."`
	Watch    watchCmd    `cmd:"" help:"Show events as they come that concern a subject, a case, a flag …"`
	Receipt  receiptCmd  `cmd:"" help:"Show, verify and renew receipts."`
	Refusal  refusalCmd  `cmd:"" help:"Verify refusals that the log signed."`
	Brief    briefCmd    `cmd:"" help:"What was known of a subject, and when; verify such a brief."`
	Replay   replayCmd   `cmd:"" help:"Stream the journal into an archive."`
	Export   exportCmd   `cmd:"" help:"Write the register for other tools: FollowTheMoney, CSV, SQLite."`
	Verify   verifyCmd   `cmd:"" help:"Verify an archive offline, from the genesis hash on."`

	Subscription subscriptionCmd `cmd:"" help:"Be told of what an agency watches: add, list, resume, remove."`

	Witness   witnessCmd   `cmd:"" help:"Run a witness, which cosigns what adds to what it saw; or a mirror, which verifies it all."`
	ProveFork proveForkCmd `cmd:"" help:"Prove that a log signed two histories; check such evidence."`
}

// globals are the settings of all commands.
type globals struct {
	JSON           bool   `name:"json" help:"Answer in JSON, errors too."`
	Server         string `env:"LEDGER_SERVER" placeholder:"URL" help:"Base address of the ledger."`
	TokenFile      string `env:"LEDGER_TOKEN_FILE" placeholder:"FILE" help:"File with a token of the ledger (or the token in LEDGER_TOKEN)."`
	Genesis        string `env:"LEDGER_GENESIS" placeholder:"FILE|HASH" help:"The ledger's genesis.jws, or its hash."`
	PassphraseFile string `env:"LEDGER_PASSPHRASE_FILE" placeholder:"FILE" help:"File with the passphrase of key files; else it is asked for."`
	Home           string `env:"LEDGER_HOME" placeholder:"DIR" help:"Folder of outbox and sent (default: ledger, in the user's configuration folder)."`
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return info.Main.Path + " " + info.Main.Version + " " + info.GoVersion
}
