// Package verdict says in words what a file of evidence shows: what parley verify prints and what the
// verify page shows come from here, so that both say the same.
//
// It joins the verifier of package transcript with the agreements that the file holds. It is pure: the
// file comes in as a reader, and it is the same whether the program or a browser runs it.
package verdict
