namespace ElfMmu.Reading;

/// <summary>What is done about bytes that aren't there.</summary>
public enum AbsentMemory
{
    /// <summary>Nothing is read, and the first one that is missing is an error.</summary>
    Error,

    /// <summary>They are filled in.</summary>
    Fill,

    /// <summary>Reading ends before the first one.</summary>
    Stop,
}
