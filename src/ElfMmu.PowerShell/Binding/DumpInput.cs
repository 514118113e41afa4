using ElfMmu.Dumps;

namespace ElfMmu.PowerShell.Binding;

/// <summary>A dump that the parameters of a cmdlet name.</summary>
/// <param name="Target">
/// What an error about it is about: a path, or an object that holds nothing open. Errors are kept for long, and mustn't keep dumps open.
/// </param>
/// <param name="Key">What stays the same from one object of the pipeline to the next, as long as the same dump is meant.</param>
/// <param name="Open">Opens it, or takes a lease of it.</param>
internal sealed record DumpInput(object Target, object Key, Func<MemoryDump> Open)
{
    /// <summary>Whether it is opened anew, so that it should be closed before the next such one is opened where they only pass by.</summary>
    public bool IsFile { get; init; }

    /// <summary>The argument that named it; null for what is named otherwise.</summary>
    public DumpArgument? Argument { get; init; }
}
