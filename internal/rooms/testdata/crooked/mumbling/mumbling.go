// The mumbling package does not begin as godoc expects.
package mumbling
