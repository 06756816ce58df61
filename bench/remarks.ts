/**
 * What is known about figures that miss their goal, by the figure's title: what the profile shows and
 * what would be needed. The report prints a remark only while the goal is missed.
 */
export const remarks: Readonly<Record<string, string>> = {};
