namespace ElfMmu.Companions;

/// <summary>A text that defines types.</summary>
/// <param name="Source">What it is called in messages.</param>
/// <param name="Text">The text: JSON if it starts as that does, else C.</param>
public sealed record CompanionTypes(string Source, string Text)
{
    /// <summary>Whether it is JSON: no text in C starts with a brace or a bracket.</summary>
    public bool IsJson => Text.AsSpan().TrimStart() is ['{' or '[', ..];

    /// <summary>Reads a file.</summary>
    /// <param name="fullPath">Its full path.</param>
    /// <exception cref="ElfMmuException">What <see cref="TextFile.Read"/> throws.</exception>
    public static CompanionTypes ReadFile(string fullPath) => new($"'{fullPath}'", TextFile.Read(fullPath));
}
