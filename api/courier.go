package api

import (
	"parley/api/officer"
	"parley/courier"
)

// The headers of a courier file.
const (
	headerCourierNext = "Parley-Courier-Next"
	headerCourierTo   = "Parley-Courier-To"
)

// courierRoutes lets those carry files who may.
func courierRoutes(who []officer.Role) []route {
	const path = "/v1/lines/{line}/courier"
	return []route{{Route: Route{Method: "GET", Path: path, Roles: who}, handle: (*api).getCourier}, {Route: Route{Method: "POST", Path: path, Roles: who}, handle: (*api).postCourier}}
}

func (a *api) getCourier(c *call) (any, error) {
	q, err := c.query("after", "max_bytes")
	if err != nil {
		return nil, err
	}
	most, err := number(q, "max_bytes", courier.MaxFileBytes)
	if err != nil {
		return nil, err
	}
	f, err := a.cfg.Node.CourierWrite(c.r.Context(), c.r.PathValue("line"), q["after"], most)
	if err != nil {
		return nil, err
	}
	a.done(c, "courier.write", f.Header.Line)
	h := c.w.Header()
	h.Set(headerCourierTo, f.To)
	if f.Next != "" {
		h.Set(headerCourierNext, f.Next)
	}
	c.begin(typeCourier)
	_, err = c.w.Write(f.Bytes)
	return nil, err
}

func (a *api) postCourier(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	if _, err := c.contentType(typeCourier); err != nil {
		return nil, err
	}
	file, err := c.body(courier.MaxFileBytes)
	if err != nil {
		return nil, err
	}
	out, err := a.cfg.Node.CourierRead(c.r.Context(), c.r.PathValue("line"), file)
	if err != nil {
		return nil, err
	}
	a.done(c, "courier.read", out.Line)
	return out, nil
}
