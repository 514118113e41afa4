namespace ElfMmu.Companions;

/// <summary>How a text lists symbols.</summary>
public enum SymbolFormat
{
    /// <summary>What the content looks like.</summary>
    Auto,

    /// <summary>Separated values (RFC 4180) under a row of names.</summary>
    Csv,

    /// <summary>Linux's <c>System.map</c>: address, letter, name.</summary>
    SystemMap,

    /// <summary>Linux's <c>/proc/kallsyms</c>: the same, with a module in brackets.</summary>
    Kallsyms,

    /// <summary>What <c>nm</c> writes, as BSD, POSIX or System V format it.</summary>
    Nm,
}
