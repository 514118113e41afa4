namespace ElfMmu.Companions;

/// <summary>A text that defines types.</summary>
/// <param name="Source">What it is called in messages.</param>
/// <param name="Text">The text, in C.</param>
public sealed record CompanionTypes(string Source, string Text)
{
    /// <summary>Reads a file.</summary>
    /// <param name="fullPath">Its full path.</param>
    /// <exception cref="ElfMmuException">What <see cref="TextFile.Read"/> throws.</exception>
    public static CompanionTypes ReadFile(string fullPath) => new($"'{fullPath}'", TextFile.Read(fullPath));
}
