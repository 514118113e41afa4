namespace ElfMmu.Help.Cmdlets;

/// <summary>How a parameter binds in a parameter set.</summary>
/// <param name="IsMandatory">Whether it must be given.</param>
/// <param name="Position">Its position without a name; null when it must be named.</param>
/// <param name="ByValue">Whether it takes objects of the pipeline.</param>
/// <param name="ByPropertyName">Whether it takes properties of objects of the pipeline.</param>
public sealed record ParameterBinding(bool IsMandatory, int? Position, bool ByValue, bool ByPropertyName);
