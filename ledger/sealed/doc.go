// Package sealed keeps detail that only some agencies may read: it encrypts and
// opens it, and stores the ciphertexts beside the journal.
//
// # Format
//
// A ciphertext is an age file (age-encryption.org/v1) to X25519 recipients. Its
// plaintext is
//
//	salt    32 random bytes
//	length  of the text, 8 bytes, big-endian
//	text
//	zeros   up to the next step, see below
//
// The event holds SHA-256(salt ‖ text), the commitment, and the SHA-256 and size
// of the ciphertext. Who opens a ciphertext compares the commitment, so nobody
// can be shown another text than was recorded; a further reader gets a further
// ciphertext of the same salt and text.
//
// A ciphertext shows its size, and how many recipients it has, not which. The
// zeros round the size of the plaintext up, to a multiple of 256 bytes or of a
// sixteenth of the largest power of two in it, whichever is more: a name cannot
// be told by its length.
//
// # Store
//
// [Store] is a folder with one file per ciphertext, named by its hash, in a
// folder per agency that uploaded it. What arrives is written aside, hashed,
// synced and renamed, so a file that has its name is whole. Only age files are
// taken: no plaintext gets here by mistake. Uploads that no event binds are
// collected by [Store.Sweep] after a time of grace, and so is what was erased.
package sealed
