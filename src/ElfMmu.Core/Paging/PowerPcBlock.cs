namespace ElfMmu.Paging;

/// <summary>The BATs that match an address, for each side and privilege; null where none does.</summary>
/// <param name="Data">For the supervisor's data.</param>
/// <param name="Instructions">For the supervisor's instructions.</param>
/// <param name="UserData">For the user's data.</param>
/// <param name="UserInstructions">For the user's instructions.</param>
internal readonly record struct PowerPcBlock(
    PowerPcBat? Data, PowerPcBat? Instructions, PowerPcBat? UserData, PowerPcBat? UserInstructions)
{
    /// <summary>
    /// What is listed of an address. A BAT that matches wins over the segment, even if it gives no rights, for its own side and
    /// privilege only.
    /// </summary>
    /// <returns>False when nobody may use the address.</returns>
    public bool TryList(uint address, PowerPcSegment segment, PowerPcPage? page, out uint physical, out MappingAttributes attributes) =>
        PowerPcTranslation.TryList(
            Data?.Data(address) ?? page?.Data(segment, user: false) ?? default,
            Instructions?.Instructions(address) ?? page?.Instructions(segment, user: false) ?? default,
            UserData?.Data(address) ?? page?.Data(segment, user: true) ?? default,
            UserInstructions?.Instructions(address) ?? page?.Instructions(segment, user: true) ?? default,
            out physical,
            out attributes);
}
