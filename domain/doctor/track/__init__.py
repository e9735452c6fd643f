"""The SpecialisationTrack stream: one doctor's track, posts, leave, service and supervisors."""
