// Package archive is a whole ledger in one text file, and its verification
// offline.
//
//	coalition-ledger archive v1
//	0 1764288000000000 eyJhbGciOi…
//	1 1764288000000000 eyJhbGciOi…
//	checkpoint
//	ledger.example/2026
//	2
//	CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
//	— ledger.example/2026 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5…
//
// # Format
//
// The file is UTF-8 text of lines that end in one line feed. The first line
// names the format. A leaf is one line: its index, the time it was recorded
// (microseconds since 1970, UTC) and the envelope in JWS compact
// serialization, with one space between them; numbers are decimal without
// leading zeros. Indexes run 0, 1, 2, … without gaps.
//
// A checkpoint is the line "checkpoint", the signed note (C2SP tlog-checkpoint)
// and an empty line. It covers all leaves before it and is signed by the log
// alone. At least one leaf stands between two checkpoints, and the file ends
// after a checkpoint, or digests and a cosigned checkpoint of the same leaves.
//
// A cosigned checkpoint is the line "cosigned", a checkpoint of all leaves
// before it with witnesses' cosignatures (C2SP tlog-cosignature), and an empty
// line. Its signatures are one of the log, then one of each witness that
// cosigned, in the order of the witness policy in force after those leaves,
// which must be satisfied. A key that this policy does not name stands in no
// archive: nobody could check its bytes.
//
// Digests are the line "digests", the log's signed note on what its views hold
// after all leaves before it ([translog.Digests]), and an empty line.
//
// Nothing that was written changes when a ledger grows: further leaves and a
// newer checkpoint are added at the end. An archive that was cut short while
// being written is continued by [Resume].
//
// # Verification
//
// [Verify] reads the file once, from genesis on, and re-runs what the ledger
// did: each envelope is parsed, its signature checked under the key that the
// state before it names, the event admitted by the same rules, the tree
// computed, each checkpoint's root and signature checked under the log key in
// force. Whoever names the genesis hash names all of it. There is one byte
// form for everything, so a change of any byte is found; [*Bad] names the
// line, the index and the rule.
//
// A leaf that is no envelope, whose signature does not verify or that the
// rules refuse was written into the store past the ledger. It keeps its place
// and has no effect, and the archive is good if a quorum voided it
// (journal.voided) before any checkpoint covers it: [Report] lists such
// records. Otherwise the archive is bad at that leaf. A record that is no
// envelope stands in its line in the form of [seal.Foreign], recorded at 0.
//
// Given [Options.Views], the views are folded and must have the digests that the
// log signed. What is under a cosigned checkpoint is effective, see
// [Effective], and was recorded when witnesses saw that it was: after the median
// of their times at the cosigned checkpoint before, and before the median at
// this one, give or take [Options.Tolerance]; [Options.Times] adds what they
// saw elsewhere. Behind the first fault nothing is verified any more, but
// [Affected] says what depends on it.
//
// What grows with every event is the tree's hashes, and what the rules ask of
// each, as that its id is used once: 150 to 320 bytes. Both may stand on disk
// ([ScratchHashes], [ScratchSpill]); memory is then flat in the length of the
// archive and grows only with what stands: members, keys, designations, freezes
// and seals. Views, where they are recomputed, grow with every event. When the
// scratch disk fails, nothing is told ([ErrScratch]). Times take 3 MiB at most,
// however many leaves stand between two cosigned checkpoints: of a longer run
// whose end was dated ahead, the first of its last 65,536 is named.
//
// # Extracts
//
// An extract is some leaves with a proof for each, see [WriteExtract].
//
// An archive cannot show by itself what it leaves out: one that ends at an
// older checkpoint is a whole archive of an earlier day, and an operator who
// holds the log key can sign a second history in which members' events are
// missing. Pin a checkpoint that you, or a witness, saw ([Options.Pins]): the
// archive must then contain it.
package archive
