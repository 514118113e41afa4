namespace ElfMmu;

/// <summary>What kind of thing went wrong; the front ends turn it into an error category or an exit code.</summary>
public enum ErrorKind
{
    /// <summary>The bytes of an input contradict themselves or their format.</summary>
    InvalidData,

    /// <summary>An argument can't mean anything, or not together with the others.</summary>
    InvalidArgument,

    /// <summary>A file, or a fact that was needed, isn't there.</summary>
    NotFound,

    /// <summary>An output exists and may not be replaced.</summary>
    ResourceExists,

    /// <summary>A stated limit was reached.</summary>
    LimitsExceeded,

    /// <summary>Reading an input failed.</summary>
    ReadError,

    /// <summary>Writing an output failed.</summary>
    WriteError,

    /// <summary>The input is sound, but its kind isn't one that is handled.</summary>
    NotSupported,
}

/// <summary>The one exception the engine throws for bad input: what is wrong, where, and what to do about it.</summary>
public sealed class ElfMmuException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="errorId">A stable identifier in PascalCase, such as <c>DumpTruncated</c>; scripts may rely on it.</param>
    /// <param name="kind">What kind of thing went wrong.</param>
    /// <param name="message">One sentence that says what, where, and what to do.</param>
    /// <param name="inner">The cause, if another exception was.</param>
    public ElfMmuException(string errorId, ErrorKind kind, string message, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Kind = kind;
    }

    /// <summary>The stable identifier of this error.</summary>
    public string ErrorId { get; }

    /// <summary>What kind of thing went wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The file concerned, where one is.</summary>
    public string? Path { get; init; }

    /// <summary>The offset in that file in bytes, where it is known.</summary>
    public ulong? Offset { get; init; }
}
