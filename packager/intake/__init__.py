"""What people have -> plain files in a bundle's folder, which an organizer can edit."""
