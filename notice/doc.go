// Package notice holds what a party tells the other: its kinds, states and versions, its JSON
// body, its validation, and the plan files it is read from. Everything here is a function of its
// arguments; the time is one of them.
//
// # Body
//
// A body is one JSON object. A member that says nothing is left out; each becomes one disclosure,
// so that what is shown can be chosen member by member. Those marked * make up the keep-clear
// volume.
//
//	id*                 the author's name for the notice: "blue-7"
//	version*            from 1 up
//	kind*               flight, movement, area, hazard, site
//	domain*             air, land, sea
//	class*              of flights: crewed, small-uncrewed
//	title               one line
//	place               the place in words
//	sector*             of a notice without volumes: the sector of the agreement that it is held as
//	window*             of a notice without volumes: {"start": time, "end": time}
//	band*               of a notice without volumes: {"lower": altitude, "upper": altitude}
//	volumes*            plan features, each one volume, without further properties
//	uncertainty_m*      of every position, metres
//	speed_mps*          metres per second
//	contact             a duty number
//	frequency           as given
//	markings            how it is seen
//	cargo               one line
//	persons             how many
//	humanitarian*       true
//	emergency_medical*  true
//	expires*            time; of sites
//	supersedes*         the id of the author's notice that this one replaces
//	text                [{"language": BCP 47 tag, "text": words}]
//	source              {"format": "geojson" or "notam", "id": its id there, "text": as given}
//
// Times are RFC 3339 with an offset, written in UTC to the millisecond. An altitude is
// {"value": number, "unit": "m", "ft" or "FL", "reference": "W84", "AMSL", "AGL" or "FL"}.
//
// # Life
//
// Planned, then active, then ended; or cancelled. When the last window is over and nobody ended
// it, a movement or crewed flight is overdue: it stays and grows until someone does. A site stays
// too, marked unverified. What remains lapses: it has ended by the clock. See StatusAt, Check
// and Live.
package notice
