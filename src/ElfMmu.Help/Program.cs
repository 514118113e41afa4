using ElfMmu.Help;

if (args is not [var documents, var assembly, var output])
{
    Console.Error.WriteLine("usage: ElfMmu.Help DOCS ASSEMBLY OUTPUT");
    Console.Error.WriteLine("Makes DOCS/cmdlets/*.md and DOCS/about_*.md to the help of the cmdlets in ASSEMBLY, in OUTPUT.");
    return 2;
}

IReadOnlyList<HelpProblem> problems = HelpBuild.Run(documents, assembly, output);
foreach (HelpProblem problem in problems)
{
    Console.Error.WriteLine(problem);
}

return problems.Count == 0 ? 0 : 1;
