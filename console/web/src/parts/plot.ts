// uPlot with its style sheet, loaded when the first chart is shown.
import "uplot/dist/uPlot.min.css";
export { default as UPlot } from "uplot";
