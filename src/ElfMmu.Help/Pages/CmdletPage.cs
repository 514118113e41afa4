namespace ElfMmu.Help.Pages;

/// <summary>The page of a cmdlet.</summary>
public sealed record CmdletPage
{
    /// <summary>The path of the page.</summary>
    public required string Path { get; init; }

    /// <summary>The cmdlet's name, from the heading.</summary>
    public required string Name { get; init; }

    /// <summary>What it does in a sentence.</summary>
    public required string Synopsis { get; init; }

    /// <summary>The syntax of each parameter set as the page shows it.</summary>
    public required IReadOnlyList<PageSyntax> Syntaxes { get; init; }

    /// <summary>What it does at length.</summary>
    public required IReadOnlyList<TextBlock> Description { get; init; }

    /// <summary>The examples.</summary>
    public required IReadOnlyList<PageExample> Examples { get; init; }

    /// <summary>The parameters.</summary>
    public required IReadOnlyList<PageParameter> Parameters { get; init; }

    /// <summary>The types it takes from the pipeline.</summary>
    public required IReadOnlyList<PageType> Inputs { get; init; }

    /// <summary>The types it emits.</summary>
    public required IReadOnlyList<PageType> Outputs { get; init; }

    /// <summary>What can go wrong.</summary>
    public required IReadOnlyList<PageError> Errors { get; init; }

    /// <summary>The section on errors as text.</summary>
    public required IReadOnlyList<TextBlock> ErrorText { get; init; }

    /// <summary>Anything else.</summary>
    public required IReadOnlyList<TextBlock> Notes { get; init; }

    /// <summary>What to read next.</summary>
    public required IReadOnlyList<PageLink> Related { get; init; }
}
