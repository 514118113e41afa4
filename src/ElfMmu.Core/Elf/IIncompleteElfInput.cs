namespace ElfMmu.Elf;

/// <summary>An input that may lack some of its bytes, such as one in a dump: they read as zeros, and it says so.</summary>
public interface IIncompleteElfInput : IElfInput
{
    /// <summary>What was lacking in what was read so far; a bounded number of diagnostics, ascending by offset.</summary>
    IReadOnlyList<ElfDiagnostic> Missing { get; }
}
