namespace ElfMmu.Help.Pages;

/// <summary>The syntax of a parameter set.</summary>
/// <param name="Line">The line in the page.</param>
/// <param name="Set">The name of the set; without a heading, none.</param>
/// <param name="Text">The syntax, with any breaks of lines.</param>
public sealed record PageSyntax(int Line, string Set, string Text);

/// <summary>An example.</summary>
/// <param name="Title">What it is for.</param>
/// <param name="Code">What to type.</param>
/// <param name="Output">What comes out; empty where the page doesn't show it.</param>
/// <param name="Remarks">What it does.</param>
public sealed record PageExample(string Title, string Code, string Output, IReadOnlyList<TextBlock> Remarks);

/// <summary>A parameter.</summary>
/// <param name="Line">The line in the page.</param>
/// <param name="Name">The name without its dash.</param>
/// <param name="Description">What it means.</param>
/// <param name="Properties">The table below it, by the first column.</param>
public sealed record PageParameter(
    int Line, string Name, IReadOnlyList<TextBlock> Description, IReadOnlyDictionary<string, string> Properties);

/// <summary>A type that goes in or comes out.</summary>
/// <param name="Line">The line in the page.</param>
/// <param name="Name">The full name.</param>
/// <param name="Description">What it is here.</param>
public sealed record PageType(int Line, string Name, IReadOnlyList<TextBlock> Description);

/// <summary>An error that can happen.</summary>
/// <param name="Line">The line in the page.</param>
/// <param name="Id">Its stable id.</param>
public sealed record PageError(int Line, string Id);

/// <summary>Something to read next.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Address">Where it is, if that is on the web; otherwise empty.</param>
public sealed record PageLink(string Text, string Address);
