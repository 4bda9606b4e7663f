import "./styles/site.css";
import { closeMenusOnLeave, closeQuestions } from "./lib/menus";
import { followScroll } from "./lib/scrollspy";

closeMenusOnLeave(document);
closeQuestions(document);
followScroll(document);
